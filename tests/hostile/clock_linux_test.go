//go:build linux && amd64

package hostile_test

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/stretchr/testify/require"

	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
)

// skewed starts a process whose clock is wrong by so many seconds. Programs ask the kernel's library in their memory
// for the time; before the process runs, that answer is replaced by one that asks the kernel and adds the seconds.
func skewed(t *testing.T, cmd *exec.Cmd, seconds int32) {
	t.Helper()
	runtime.LockOSThread() // a process is traced by a thread
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	require.NoError(t, cmd.Start())
	pid := cmd.Process.Pid
	var status syscall.WaitStatus
	_, err := syscall.Wait4(pid, &status, 0, nil)
	require.NoError(t, err)
	require.True(t, status.Stopped(), "expected a process that waits for us")
	memory, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", pid), os.O_RDWR, 0)
	require.NoError(t, err)
	defer func() { _ = memory.Close() }()
	base := library(t, pid)
	image := make([]byte, 2*os.Getpagesize())
	_, err = memory.ReadAt(image, base)
	require.NoError(t, err)
	file, err := elf.NewFile(bytes.NewReader(image))
	require.NoError(t, err)
	symbols, err := file.DynamicSymbols()
	require.NoError(t, err)
	found := false
	for _, s := range symbols {
		if s.Name == "__vdso_clock_gettime" {
			_, err := memory.WriteAt(answer(seconds), base+int64(s.Value))
			require.NoError(t, err)
			found = true
		}
	}
	require.True(t, found, "expected the kernel's clock_gettime")
	require.NoError(t, syscall.PtraceDetach(pid))
}

// library is where the kernel's library is in the memory of a process.
func library(t *testing.T, pid int) int64 {
	t.Helper()
	const kind = 33 // AT_SYSINFO_EHDR
	vector, err := os.ReadFile(fmt.Sprintf("/proc/%d/auxv", pid))
	require.NoError(t, err)
	for ; len(vector) >= 16; vector = vector[16:] {
		if binary.LittleEndian.Uint64(vector) == kind {
			return int64(binary.LittleEndian.Uint64(vector[8:]))
		}
	}
	require.FailNow(t, "expected a library of the kernel")
	return 0
}

// answer is the code: ask the kernel; when it was for the wall clock, add the seconds.
func answer(seconds int32) []byte {
	code := []byte{
		0xb8, 228, 0, 0, 0, // mov eax, clock_gettime
		0x0f, 0x05, // syscall
		0x85, 0xff, // test edi, edi: 0 is the wall clock
		0x75, 0x07, // jnz past the addition
		0x48, 0x81, 0x06, 0, 0, 0, 0, // add qword [rsi], seconds
		0xc3, // ret
	}
	binary.LittleEndian.PutUint32(code[14:], uint32(seconds))
	return code
}

// behind is a clock that is behind, by less than block_time_tolerance, a minute: a block that is later than that is
// refused.
const behind = -30

// TestSkewedClock gives one validator of four a clock that is wrong. An hour ahead, or half a minute behind, it signs
// and proposes as before, but the time of the chain is that of the majority: no round is early, no price falls. An hour
// behind, it takes every block for one of the future and falls silent; the others go on, and with the right time it has
// what they have.
func TestSkewedClock(t *testing.T) {
	needsTime(t)
	c := newChain(t)
	c.older(t, 2*time.Hour) // a node whose clock has not come to the genesis waits for it
	c.begin(t)
	c.treasury(t)
	for _, seconds := range []int32{3_600, behind} {
		lot := c.open(t)
		from := c.height(t, 0)
		c.stop(t, 3)
		c.skew(t, 3, seconds)
		c.reach(t, 3, c.grow(t, 0, 1))
		begin := c.height(t, 0)
		signed, proposed := c.signs(t, 3, begin, c.grow(t, 0, 16), seconds)
		require.Positive(t, signed, "signatures of the one with the wrong clock")
		require.Positive(t, proposed, "its blocks")
		c.orderly(t, lot.Id, from)
		c.agree(t)
	}

	lot := c.open(t)
	from := c.height(t, 0)
	c.stop(t, 3)
	c.skew(t, 3, -3_600)
	c.until(t, "a block from the future", func() bool {
		text, _ := os.ReadFile(c.Nodes[3].Log())
		return bytes.Contains(text, []byte("too far in the future"))
	})
	c.grow(t, 0, 8)
	require.Less(t, c.height(t, 3), c.height(t, 0))
	c.stop(t, 3)
	c.start(t, 3)
	c.reach(t, 3, c.grow(t, 0, 2))
	c.orderly(t, lot.Id, from)
	c.agree(t)
}

// skew starts a node whose clock is wrong.
func (c *chain) skew(t *testing.T, i int, seconds int32) {
	t.Helper()
	cmd := c.command(t, i)
	skewed(t, cmd, seconds)
	c.watch(i, cmd)
}

// signs counts the signatures and the blocks of a validator, and asks of every block that its time is right though the
// validator's own is not. Who is behind signs with the earliest time that is allowed: a millisecond after the block.
func (c *chain) signs(t *testing.T, i int, from, to int64, seconds int32) (signed, proposed int) {
	t.Helper()
	status, err := c.rpc(t, i).Status(t.Context())
	require.NoError(t, err)
	who := status.ValidatorInfo.Address
	before := time.Time{}
	for height := from; height <= to; height++ {
		answer, err := c.rpc(t, 0).Block(t.Context(), &height)
		require.NoError(t, err)
		block := answer.Block
		require.Less(t, time.Since(block.Time).Abs(), patience, "height %d", height)
		if bytes.Equal(block.ProposerAddress, who) {
			proposed++
		}
		for _, s := range block.LastCommit.Signatures {
			if before.IsZero() || s.BlockIDFlag != cmttypes.BlockIDFlagCommit || !bytes.Equal(s.ValidatorAddress, who) {
				continue
			}
			signed++
			if seconds < 0 {
				require.Equal(t, before.Add(time.Millisecond), s.Timestamp, "height %d", height)
				continue
			}
			require.WithinDuration(t, block.Time.Add(time.Duration(seconds)*time.Second), s.Timestamp, time.Minute)
		}
		before = block.Time
	}
	return signed, proposed
}

// older puts the genesis of a network that has not begun back in time.
func (c *chain) older(t *testing.T, by time.Duration) {
	t.Helper()
	for _, node := range c.Nodes {
		name := filepath.Join(node.Home, "config", "genesis.json")
		g, err := genutiltypes.AppGenesisFromFile(name)
		require.NoError(t, err)
		g.GenesisTime = g.GenesisTime.Add(-by)
		require.NoError(t, g.SaveAs(name))
	}
}
