//go:build e2e

package e2e_test

import (
	"crypto/sha256"
	"fmt"
	"math/big"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// transferChannel is the first channel of both chains.
const transferChannel = "channel-0"

// end is the heading of the guide under which the treasury is closed; the outage comes before it.
const end = "9. End it"

// TestMain ends what the test started when it is interrupted: the guard of the shell sees that it is gone.
func TestMain(m *testing.M) {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-interrupted
		os.Exit(1)
	}()
	os.Exit(m.Run())
}

// story is a run of the guide.
type story struct {
	*shell
	books

	began time.Time
}

// voucher is what a denom of the plain chain is called on ours.
func voucher(denom string) string {
	return fmt.Sprintf("ibc/%X", sha256.Sum256([]byte("transfer/"+transferChannel+"/"+denom)))
}

// begin starts both chains.
func begin(t *testing.T) *story {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	free := ports(t, 8)
	variables := []string{
		"PATH=" + filepath.Join(root, "bin") + ":" + os.Getenv("PATH"),
		"DAO_VOUCHER=" + voucher("udao"), "USDC_VOUCHER=" + voucher("uusdc"),
	}
	for i, name := range []string{
		"PLAIN_RPC", "PLAIN_P2P", "PLAIN_GRPC", "PLAIN_API", "BALLAST_RPC", "BALLAST_P2P", "BALLAST_GRPC", "BALLAST_API",
	} {
		variables = append(variables, name+"_PORT="+strconv.Itoa(free[i]))
	}
	s := &story{began: time.Now(), shell: newShell(t, variables...)}
	s.plain = chain{name: "plain", api: fmt.Sprintf("http://127.0.0.1:%d", free[3])}
	s.ours = chain{name: "ballast", api: fmt.Sprintf("http://127.0.0.1:%d", free[7])}
	s.vouchers = map[string]string{"udao": voucher("udao"), "uusdc": voucher("uusdc")}
	s.run(t, "source "+filepath.Join(root, "tests/e2e/chains.sh")+"\nstart_chains")
	for _, module := range []string{"auction", "rebalance"} {
		s.hold(t, "$(ballastd query auth module-account "+module+" --output json | jq -r .account.value.address)")
	}
	s.hold(t, "$(ballastd keys show maker --address)")
	s.open(t)
	s.say("both chains run")
	return s
}

// hold adds an account to those that may hold vouchers.
func (s *story) hold(t *testing.T, who string) {
	t.Helper()
	s.holders = append(s.holders, s.run(t, "echo "+who))
}

func (s *story) say(format string, args ...any) {
	fmt.Printf("%6.1f s  %s\n", time.Since(s.began).Seconds(), fmt.Sprintf(format, args...))
}

// audit adds up both chains and asks ours for its invariants.
func (s *story) audit(t *testing.T, underway money) {
	t.Helper()
	s.check(t, underway)
	s.run(t, `ballastd check --node "$BALLASTD_NODE" > check.log`)
}

// TestInterchain runs the guide, block by block.
func TestInterchain(t *testing.T) {
	s := begin(t)
	blocks := guide(t)
	heading := ""
	for i, b := range blocks {
		if b.heading != heading {
			heading = b.heading
			s.say("== %s", heading)
			if heading == end {
				s.outage(t)
			}
		}
		if said := s.run(t, b.script); testing.Verbose() && said != "" {
			fmt.Println(indent(said))
		}
		if i+1 == len(blocks) || blocks[i+1].heading != heading {
			s.after(t, heading)
			s.audit(t, nil)
			s.say("the books of both chains add up")
		}
	}
	s.ends(t)
}

// after does what others do while the reader follows the guide.
func (s *story) after(t *testing.T, heading string) {
	t.Helper()
	switch number, _, _ := strings.Cut(heading, "."); number {
	case "1":
		s.run(t, "start_feed; start_maker")
	case "3":
		s.hold(t, "$ACCOUNT")
	case "4":
		s.hold(t, "$TREASURY")
	}
}

// outage kills the relayer. Meanwhile a payment leaves, and the DAO sends money in time, money too late and a call too
// late. When a relayer is back all of it has ended as it should, and nothing is lost.
func (s *story) outage(t *testing.T) {
	t.Helper()
	gov := s.value(t, "GOV")
	s.run(t, `
ballastd tx portfolio add-payment "$ID" --amount 50_000USDC --to "$HOME_WAY/$GOV" \
  --first "$(jq -nr 'now + 25 | floor | todate')" --generate ica --owner "$ACCOUNT" > packet.json
call "A payment into the outage" packet.json
until ballastd query portfolio payments "$ID" --output json |
  jq -e 'any(.payments[]?.payment.terms.amount.amount; . == "50000000000")' > /dev/null; do sleep 0.5; done`)
	before := s.plain.balances(t, gov)
	s.run(t, `kill -KILL "$RELAYER"; { while kill -0 "$RELAYER"; do sleep 0.1; done; } 2> /dev/null; true`)
	s.say("the relayer is killed")
	s.run(t, `
transfer "In time, but nobody carries it" 20000000udao "$TREASURY" 900
packet "$(ballastd tx portfolio pause "$ID" --from "$ACCOUNT" --generate-only | jq -c .body.messages)"
call "A call that nobody carries" packet.json 10
transfer "Too late when somebody does" 30000000udao "$TREASURY" 20`)
	var late int64
	wait(t, time.Minute, "a payment in flight", func() bool {
		all := s.flights(t)
		if len(all) == 1 {
			late = all[0].timeout(t)
		}
		return len(all) == 1
	})
	s.audit(t, money{"udao": big.NewInt(50_000_000), "uusdc": big.NewInt(50_000_000_000)})
	s.say("two transfers, a call and a payment are under way, and the books say so")

	wait(t, 2*time.Minute, "the payment's timeout", func() bool { return time.Now().Unix() > late+2 })
	s.run(t, "rly start way --enable-metrics-server=false > relayer2.log 2>&1 &\nRELAYER=$!")
	s.say("another relayer starts, after the payment timed out")
	wait(t, time.Minute, "the payment, sent again", func() bool {
		now := s.plain.balances(t, gov)
		arrived := new(big.Int).Sub(now.of("uusdc"), before.of("uusdc"))
		spent := new(big.Int).Sub(before.of("udao"), now.of("udao"))
		return arrived.Cmp(big.NewInt(50_000_000_000)) == 0 && spent.Cmp(big.NewInt(20_000_000)) == 0
	})
	wait(t, time.Minute, "no flight", func() bool { return len(s.flights(t)) == 0 })
	s.run(t, `ballastd query portfolio show "$ID" | grep -q STATUS_ACTIVE`)
	s.run(t, `ballastd query txs --query "ballast.portfolio.v1.EventPaymentReturned.id EXISTS" --output json |
  jq -e '.txs | length == 1' > /dev/null`)
	s.audit(t, nil)
	s.idle(t)
	s.say("late money is back, the late call did nothing, the payment came back and arrived the second time")
}

// flight is a payment that is under way.
type flight struct{ State, Timeout string }

func (f flight) timeout(t *testing.T) int64 {
	t.Helper()
	at, err := strconv.ParseInt(f.Timeout, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (s *story) flights(t *testing.T) []flight {
	t.Helper()
	var a struct{ Flights []flight }
	s.ours.must(t, "/ballast/portfolio/v1/portfolios/"+s.value(t, "ID")+"/flights", &a)
	return a.Flights
}

// ends adds up who has what: all that the DAO no longer has is the maker's, and the other way round.
func (s *story) ends(t *testing.T) {
	t.Helper()
	wait(t, time.Minute, "all packets at their ends", func() bool {
		n := 0
		for _, c := range []*chain{&s.plain, &s.ours} {
			for _, ch := range c.channels(t) {
				n += len(c.pending(t, ch.Port, ch.Channel))
			}
		}
		return n == 0
	})
	s.idle(t)
	for _, who := range []string{"ACCOUNT", "TREASURY"} {
		if left := s.ours.balances(t, s.value(t, who)); len(left) > 0 {
			t.Errorf("%s: expected nothing left, got %v", who, left)
		}
	}
	dao := s.plain.balances(t, s.value(t, "GOV"))
	maker := s.plain.balances(t, s.run(t, "plaind keys show maker --address"))
	value := new(big.Int)
	for denom, price := range map[string]int64{"udao": 2, "uusdc": 1} {
		sum := new(big.Int).Add(dao.of(denom), maker.of(denom))
		sum.Add(sum, s.ours.supply(t).of(s.vouchers[denom]))
		if total := s.plain.supply(t).of(denom); sum.Cmp(total) != 0 {
			t.Errorf("%s: expected %v between the DAO and the maker, got %v", denom, total, sum)
		}
		value.Add(value, new(big.Int).Mul(dao.of(denom), big.NewInt(price)))
	}
	const start = 2 * 5_000_000_000_000
	if value.Cmp(big.NewInt(start-start/1000)) < 0 || value.Cmp(big.NewInt(start)) > 0 {
		t.Errorf("value of the DAO's treasury: expected %d less at most a thousandth, got %v", int64(start), value)
	}
	s.say("the DAO has %v udao and %v uusdc: at the feed's prices %v of %d", dao.of("udao"), dao.of("uusdc"), value,
		int64(start))
}

func indent(text string) string {
	return "           | " + strings.ReplaceAll(text, "\n", "\n           | ")
}
