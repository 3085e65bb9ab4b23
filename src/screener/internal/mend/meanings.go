package mend

// meanings are wrong names, types and forms with one right reading. Names come
// first: what they stand for decides the rest.
var meanings = []rule{
	unknownField,
	tickerField,
	unknownHelper,
	arguments,
	otherForm,
	valuesOfResult,
	seriesAsNumber,
	lengthOfNumber,
	lastOfNumber,
	valueOfNumber,
	pointersAsConditions,
	pointersAsNumbers,
	callsAsNumbers,
	nilOfPlain,
	starOfPlain,
	sumsOfFloats,
	integersAmongFloats,
	integersForFloats,
	unused,
}
