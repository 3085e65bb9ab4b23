package mend

import "testing"

func TestDurations(t *testing.T) {
	const head = "k := data.Klines[\"5m\"]\n"
	check(t, []mending{
		{"in milliseconds", head + "return k[1].OpenTime-k[0].OpenTime > int64(10*time.Minute/time.Millisecond)", head + "return k[1].OpenTime-k[0].OpenTime > int64(600000)"},
		{"by a method", head + "return k[1].OpenTime-k[0].OpenTime > (5*time.Minute).Milliseconds()", head + "return k[1].OpenTime-k[0].OpenTime > 300000"},
		{"beside candles' times", head + "return k[1].OpenTime-k[0].OpenTime > 5*time.Minute", head + "return k[1].OpenTime-k[0].OpenTime > 300000"},
		{"beside a duration", "return data.Timestamp.Sub(data.Timestamp) < time.Hour", "return data.Timestamp.Sub(data.Timestamp) < 3600000000000"},
		{"beside another number", "n := int64(3)\nreturn n > int64(5*time.Minute)", ""},
		{"now", head + "return time.Now().UnixMilli() > k[0].OpenTime", ""},
		{"times a number that changes", head + "n := len(k)\nreturn k[1].OpenTime > time.Minute*n", ""},
	})
}
