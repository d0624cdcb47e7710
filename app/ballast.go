package app

import (
	"github.com/ballast-finance/ballast/app/balances"
	"github.com/ballast-finance/ballast/x/auction"
	auctionkeeper "github.com/ballast-finance/ballast/x/auction/keeper"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	"github.com/ballast-finance/ballast/x/oracle"
	oraclekeeper "github.com/ballast-finance/ballast/x/oracle/keeper"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	"github.com/ballast-finance/ballast/x/portfolio"
	portfoliokeeper "github.com/ballast-finance/ballast/x/portfolio/keeper"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	"github.com/ballast-finance/ballast/x/rebalance"
	rebalancekeeper "github.com/ballast-finance/ballast/x/rebalance/keeper"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// Ballast are the keepers of our own modules.
type Ballast struct {
	Oracle    oraclekeeper.Keeper
	Portfolio portfoliokeeper.Keeper
	Auction   auctionkeeper.Keeper
	Rebalance rebalancekeeper.Keeper
}

func ballastStores() []string {
	return []string{
		oracletypes.StoreKey, portfoliotypes.StoreKey, auctiontypes.StoreKey, rebalancetypes.StoreKey,
	}
}

func ballastAccounts() []string { return []string{auctiontypes.ModuleName, rebalancetypes.ModuleName} }

// newBallast makes the keepers. Each knows only those before it.
func (app *App) newBallast() (err error) {
	b, k, authority := &app.Ballast, &app.Keepers, Authority()
	b.Oracle, err = oraclekeeper.New(app.cdc, app.store(oracletypes.StoreKey), authority)
	if err != nil {
		return err
	}
	b.Portfolio, err = portfoliokeeper.New(app.cdc, app.store(portfoliotypes.StoreKey), portfoliotypes.Keepers{
		Account: k.Account, Bank: balances.Keeper{BaseKeeper: k.Bank}, Oracle: b.Oracle, Transfer: app.Transfer,
	}, authority)
	if err != nil {
		return err
	}
	b.Auction, err = auctionkeeper.New(app.cdc, app.store(auctiontypes.StoreKey), auctiontypes.Keepers{
		Account: k.Account, Bank: k.Bank, Oracle: b.Oracle, Seller: b.Portfolio,
	}, authority)
	if err != nil {
		return err
	}
	b.Rebalance, err = rebalancekeeper.New(app.cdc, app.store(rebalancetypes.StoreKey), rebalancetypes.Keepers{
		Oracle: b.Oracle, Portfolio: b.Portfolio, Auction: b.Auction, Bank: k.Bank,
		Checkers: []rebalancetypes.Checker{b.Oracle, b.Portfolio, b.Auction},
	}, authority)
	return err
}

func (app *App) ballastModules() []appModule {
	b := &app.Ballast
	return []appModule{
		oracle.NewAppModule(b.Oracle), portfolio.NewAppModule(b.Portfolio), auction.NewAppModule(b.Auction),
		rebalance.NewAppModule(b.Rebalance),
	}
}

// ballastBegin: prices come first, so that everything else in the block sees them; then payments that are due.
func ballastBegin() []string { return []string{oracletypes.ModuleName, portfoliotypes.ModuleName} }

// ballastEnd: lots clear before the round takes what they brought.
func ballastEnd() []string { return []string{auctiontypes.ModuleName, rebalancetypes.ModuleName} }

func ballastGenesis() []string {
	return []string{
		oracletypes.ModuleName, portfoliotypes.ModuleName, auctiontypes.ModuleName, rebalancetypes.ModuleName,
	}
}
