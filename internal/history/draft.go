package history

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	"github.com/cosmos/gogoproto/grpc"

	"github.com/ballast-finance/ballast/internal/daemon/compile"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/policy"
	"github.com/ballast-finance/ballast/policy/form"
)

// draftPath is where the page gets a policy file in the words of the chain. The lab in the browser cannot say them: the
// types of messages do not compile to WebAssembly.
const draftPath = "POST /lab/policy"

// Drafts answers a policy file with the policy and the payments of a message, for the assets that the node has.
func Drafts(node grpc.ClientConn) http.Handler { return drafts{node} }

// drafts answers with what `ballastd tx portfolio create` would send. It changes nothing.
type drafts struct {
	node grpc.ClientConn
}

type draft struct {
	Name      string            `json:"name"`
	Policy    json.RawMessage   `json:"policy"`
	Payments  []json.RawMessage `json:"payments"`  // without a recipient where the file names none
	Authority string            `json:"authority"` // who speaks for governance
	Warnings  []string          `json:"warnings"`
}

type refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// ServeHTTP reads a policy file, the body, and writes the draft.
func (d drafts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, form.MaxBytes))
	status, answer := http.StatusRequestEntityTooLarge, any(refusal{
		"too_large", "expected a policy file of at most 256 KiB", "send a smaller one",
	})
	if err == nil {
		status, answer = d.draft(r, text)
	}
	body, err := json.Marshal(answer)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"code":"internal"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func (d drafts) draft(r *http.Request, text []byte) (int, any) {
	assets, err := unit.Read(r.Context(), d.node)
	if err != nil {
		return http.StatusBadGateway, refusal{
			"node_unavailable", "the node does not say which assets there are", "try again in some seconds",
		}
	}
	c, err := compile.Text(text, assets)
	if err != nil {
		return http.StatusBadRequest, refusal{"invalid_argument", err.Error(), "the lab says which line it is"}
	}
	x := draft{
		Name: c.File.Name, Payments: []json.RawMessage{}, Warnings: []string{},
		Authority: authtypes.NewModuleAddress(govtypes.ModuleName).String(),
	}
	cdc := codec.NewProtoCodec(codectypes.NewInterfaceRegistry())
	x.Policy, err = cdc.MarshalJSON(&c.Policy)
	for i := range c.Payments {
		one, failed := cdc.MarshalJSON(&c.Payments[i])
		x.Payments, err = append(x.Payments, one), errors.Join(err, failed)
	}
	warnings, failed := policy.Warnings(c.File, policy.ExplainOptions{})
	for _, p := range warnings {
		x.Warnings = append(x.Warnings, p.Text)
	}
	if err = errors.Join(err, failed); err != nil {
		return http.StatusInternalServerError, refusal{"internal", err.Error(), "try again"}
	}
	return http.StatusOK, x
}
