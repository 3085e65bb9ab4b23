package mend

// meanings are wrong names, types and forms with one right reading. Names come
// first, because what they stand for decides the rest; what is not used comes
// last, because a name may be missing where it is used.
var meanings = []rule{
	otherNameOfData,
	otherCase,
	unknownType,
	unknownField,
	tickerField,
	klinesOfInterval,
	unknownHelper,
	undeclared,
	declaredInBranches,
	startedInLoop,
	redeclared,
	extraResult,
	severalResults,
	extraReturn,
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
	wholeFloats,
	integersAmongFloats,
	integersForFloats,
	integersWithFractions,
	unused,
}
