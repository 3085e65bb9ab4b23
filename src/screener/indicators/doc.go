// Package indicators is everything a filter may calculate with.
//
// Every function takes the candles oldest first. What needs more candles than
// it was given, or a period below one, returns nil.
package indicators
