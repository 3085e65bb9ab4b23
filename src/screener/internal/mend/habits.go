package mend

// habits are other languages' ways to write what Go also has; most of them do
// not even parse.
var habits = []rule{}
