package main

import (
	"bytes"
	"fmt"
)

// The picture's size and margins.
const (
	width, height            = 720, 320
	left, right, top, bottom = 60, 20, 40, 50
)

// plot draws resident and proportional memory over validations, from zero, so
// that flat looks flat.
func plot(samples []sample) []byte {
	most := 1
	for _, s := range samples {
		most = max(most, s.rss)
	}
	most = (most/(20<<10) + 1) * (20 << 10)
	last := max(1, samples[len(samples)-1].validations)
	x := func(validations int) float64 {
		return left + float64(width-left-right)*float64(validations)/float64(last)
	}
	y := func(kilobytes int) float64 {
		return height - bottom - float64(height-top-bottom)*float64(kilobytes)/float64(most)
	}
	var svg bytes.Buffer
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">`+"\n", width, height)
	fmt.Fprintf(&svg, `<rect width="%d" height="%d" fill="white"/>`+"\n", width, height)
	fmt.Fprintf(&svg, `<text x="%d" y="20" font-size="14">Memory of the screener and its workers (MB)</text>`+"\n", left)
	for kilobytes := 0; kilobytes <= most; kilobytes += 20 << 10 {
		fmt.Fprintf(&svg, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%d</text>`+"\n",
			left, y(kilobytes), width-right, left-8, y(kilobytes)+4, kilobytes>>10)
	}
	for part := range 6 {
		at := last * part / 5
		fmt.Fprintf(&svg, `<text x="%.1f" y="%d" text-anchor="middle">%d</text>`+"\n", x(at), height-bottom+18, at)
	}
	fmt.Fprintf(&svg, `<text x="%d" y="%d" text-anchor="middle">validations</text>`+"\n", (left+width-right)/2, height-12)
	for i, line := range []struct {
		name, colour string
		value        func(sample) int
	}{
		{"resident (RSS)", "#1f5fbf", func(s sample) int { return s.rss }},
		{"proportional (PSS)", "#c2571a", func(s sample) int { return s.pss }},
	} {
		svg.WriteString(`<polyline fill="none" stroke="` + line.colour + `" points="`)
		for _, s := range samples {
			fmt.Fprintf(&svg, "%.1f,%.1f ", x(s.validations), y(line.value(s)))
		}
		fmt.Fprintf(&svg, `"/><text x="%d" y="20" fill="%s">%s</text>`+"\n", 400+150*i, line.colour, line.name)
	}
	svg.WriteString("</svg>\n")
	return svg.Bytes()
}
