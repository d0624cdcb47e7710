package commands

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/reflect/protoreflect"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

	"github.com/cosmos/cosmos-sdk/types/msgservice"
	"github.com/cosmos/gogoproto/proto"
)

// Check fails for a method without a command, a command without an explanation or an example of itself, an argument
// that is no field, a message of the authority that is no proposal, and a message that does not say who signs it.
func Check(t *testing.T, module string, options *autocliv1.ModuleOptions) {
	t.Helper()
	files, err := proto.MergedRegistry()
	require.NoError(t, err)
	require.NoError(t, msgservice.ValidateProtoAnnotations(files))
	for _, service := range []*autocliv1.ServiceCommandDescriptor{options.Query, options.Tx} {
		found, err := files.FindDescriptorByName(protoreflect.FullName(service.Service))
		require.NoError(t, err)
		d, ok := found.(protoreflect.ServiceDescriptor)
		require.True(t, ok)
		require.Len(t, service.RpcCommandOptions, d.Methods().Len())
		for _, o := range service.RpcCommandOptions {
			method := d.Methods().ByName(protoreflect.Name(o.RpcMethod))
			require.NotNil(t, method, o.RpcMethod)
			check(t, module, o, method.Input().Fields())
		}
	}
}

func check(t *testing.T, module string, o *autocliv1.RpcCommandOptions, fields protoreflect.FieldDescriptors) {
	t.Helper()
	words := strings.Fields(o.Use)
	require.NotEmpty(t, o.Short, o.RpcMethod)
	require.Contains(t, o.Example, " "+module+" "+words[0], o.RpcMethod)
	require.Len(t, words, len(o.PositionalArgs)+1, o.RpcMethod)
	for _, a := range o.PositionalArgs {
		require.NotNil(t, fields.ByName(protoreflect.Name(a.ProtoField)), "%s %s", o.RpcMethod, a.ProtoField)
	}
	require.Equal(t, fields.ByName("authority") != nil, o.GovProposal, o.RpcMethod)
}
