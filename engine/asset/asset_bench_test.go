package asset_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func BenchmarkValueDown(b *testing.B) {
	price, amount := enginetest.W(b, "5238.14"), fixed.NatOf(123_456_789_012)
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = asset.ValueDown(&c, amount, price, 6)
	}
}

func BenchmarkUnitsDown(b *testing.B) {
	price, value := enginetest.W(b, "5238.14"), enginetest.W(b, "123456.789")
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = asset.UnitsDown(&c, value, price, 6)
	}
}
