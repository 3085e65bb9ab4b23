package mend

import "testing"

func TestMethodsInsideTheBody(t *testing.T) {
	const typ = "type setup struct {\n\tlong int\n}\n\n"
	const vote = "func (s *setup) vote(up bool) {\n\tif up {\n\t\ts.long++\n\t}\n}\n"
	const voted = "vote := func(s *setup, up bool) {\n\tif up {\n\t\ts.long++\n\t}\n}\n"
	const count = "func (s setup) count() int {\n\treturn s.long\n}\n"
	const counted = "count := func(s setup) int {\n\treturn s.long\n}\n"
	const use = "for _, k := range data.Klines[\"5m\"] {\n\ts.vote(k.Close > k.Open)\n}\nreturn s.long > 3"
	const used = "for _, k := range data.Klines[\"5m\"] {\n\tvote(s, k.Close > k.Open)\n}\nreturn s.long > 3"
	const usedOf = "for _, k := range data.Klines[\"5m\"] {\n\tvote(&v, k.Close > k.Open)\n}\nreturn v.long > 3"
	check(t, []mending{
		{"of a pointer", typ + vote + "s := &setup{}\n" + use, typ + voted + "s := &setup{}\n" + used},
		{"of a value", typ + vote + "v := setup{}\nfor _, k := range data.Klines[\"5m\"] {\n\tv.vote(k.Close > k.Open)\n}\nreturn v.long > 3", typ + voted + "v := setup{}\n" + usedOf},
		{"of a variable", typ + vote + "var v setup\nfor _, k := range data.Klines[\"5m\"] {\n\tv.vote(k.Close > k.Open)\n}\nreturn v.long > 3", typ + voted + "var v setup\n" + usedOf},
		{"without arguments, of what points", typ + count + "p := &setup{long: len(data.Klines[\"5m\"])}\nreturn p.count() > 3", typ + counted + "p := &setup{long: len(data.Klines[\"5m\"])}\nreturn count(*p) > 3"},
		{"two of them", typ + vote + count + "p := new(setup)\np.vote(data.Ticker != nil)\nreturn p.count() > 0", typ + voted + counted + "p := new(setup)\nvote(p, data.Ticker != nil)\nreturn count(*p) > 0"},
		{"one that calls another", typ + count + "func (s setup) isUp() bool {\n\treturn s.count() > 1\n}\nv := setup{long: len(data.Klines[\"5m\"])}\nreturn v.isUp()", typ + counted + "isUp := func(s setup) bool {\n\treturn count(s) > 1\n}\nv := setup{long: len(data.Klines[\"5m\"])}\nreturn isUp(v)"},

		{"not one that calls itself", typ + "func (s setup) f(n int) int {\n\tif n == 0 {\n\t\treturn 0\n\t}\n\treturn s.f(n - 1)\n}\nv := setup{}\nreturn v.f(3) > 1", ""},
		{"not one by the name of a variable", typ + count + "v := setup{long: 3}\ncount := v.count()\nreturn count > 1", ""},
		{"not one that is a value", typ + count + "v := setup{long: 3}\nf := v.count\nreturn f() > 1", ""},
	})
}
