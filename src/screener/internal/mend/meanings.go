package mend

// meanings are wrong names, types and forms with one right reading.
var meanings = []rule{}
