# Makes and starts the two chains of the end-to-end test, and what a network has: a feeder and a maker.
# Sourced by the shell of the test, which sets WORK, HOME, PATH, ROOT and the ports.

export BALLASTD_CHAIN_ID=ballast-1 BALLASTD_KEYRING_BACKEND=test BALLASTD_NODE=tcp://127.0.0.1:$BALLAST_RPC_PORT
export PLAIND_CHAIN_ID=plain-1 PLAIND_KEYRING_BACKEND=test PLAIND_NODE=tcp://127.0.0.1:$PLAIN_RPC_PORT

# new PROGRAM COINS KEY...: a chain of one validator, and what each key has.
new() {
  local program=$1 stake=$2 key
  shift 2
  "$program" init node --chain-id "$CHAIN" > /dev/null 2>&1
  for key in validator "$@"; do
    "$program" keys add "$key" --output json > /dev/null 2>&1
    "$program" genesis add-genesis-account "$key" "1000000000000$stake"
  done
  "$program" genesis gentx validator "1000000000$stake" --chain-id "$CHAIN" > /dev/null 2>&1
  "$program" genesis collect-gentxs > /dev/null 2>&1
}

# edit FILE FILTER [ARGUMENT...]: changes a JSON file.
edit() {
  local file=$1 filter=$2
  shift 2
  jq "$@" "$filter" "$file" > "$file.new" && mv "$file.new" "$file"
}

# The DAO's chain: governance decides within seconds. The maker is from there too.
make_plain() {
  CHAIN=plain-1 new plaind stake member maker
  local genesis=$HOME/.plaind/config/genesis.json
  plaind genesis add-genesis-account member 5000000000000udao --append
  plaind genesis add-genesis-account maker 3000000000000udao,9000000000000uusdc --append
  edit "$genesis" '.app_state.gov.params += {
    voting_period: "8s", expedited_voting_period: "4s", max_deposit_period: "8s",
    min_deposit: [{denom: "stake", amount: "1000000"}], expedited_min_deposit: [{denom: "stake", amount: "2000000"}]
  }'
  plaind genesis validate > /dev/null 2>&1
}

# Our chain: rounds of eight seconds, and the DAO's two assets, by the denoms that they have behind its first channel.
make_ballast() {
  CHAIN=ballast-1 new ballastd ublst feeder maker friend
  local genesis=$HOME/.ballastd/config/genesis.json
  edit "$genesis" '
    def asset(denom; display): {
      asset: {denom: denom, display: display, exponent: 6, status: "ASSET_STATUS_ACTIVE"},
      sources: [{id: 1, class: "SOURCE_CLASS_FEED", weight: 100, max_age_seconds: "600", reporter: $feeder}]
    };
    .app_state.oracle.assets = [asset($usdc; "USDC"), asset($dao; "DAO")]
    | .app_state.oracle.params.aggregate += {min_sources: 1, min_classes: 1, class_cap: "1"}
    | .app_state.rebalance.params.interval_seconds = "8"
    | .app_state.rebalance.params.crossing.min_classes = 1
    | .app_state.rebalance.params.auction += {block_seconds: "1", window_seconds: "3", tail_seconds: "1"}
    | .app_state.portfolio.params.min_period_seconds = "1"
    | .app_state.portfolio.params.transfer_timeout_seconds = "60"
  ' --arg feeder "$(ballastd keys show feeder --address)" --arg dao "$DAO_VOUCHER" --arg usdc "$USDC_VOUCHER"
  ballastd genesis validate > /dev/null 2>&1
}

# run PROGRAM RPC P2P GRPC API: a node, everything on the loopback, with two blocks in a second.
run() {
  local program=$1 name=${1^^}
  sed -i.old 's/^timeout_commit = .*/timeout_commit = "400ms"/; s/^prometheus = .*/prometheus = false/' \
    "$HOME/.$program/config/config.toml"
  "$program" start --rpc.laddr "tcp://127.0.0.1:$2" --p2p.laddr "tcp://127.0.0.1:$3" --rpc.pprof_laddr "" \
    --grpc.address "127.0.0.1:$4" --api.address "tcp://127.0.0.1:$5" --minimum-gas-prices "$6" --log_no_color \
    > "$WORK/$program.log" 2>&1 &
  until "$program" status 2> /dev/null | jq -e '.sync_info.latest_block_height | tonumber > 1' > /dev/null; do
    sleep 0.3
  done
}

# Whoever sends a transaction pays for it from here on.
pay_fees() {
  export BALLASTD_GAS_PRICES=0.001ublst
  export PLAIND_GAS=auto PLAIND_GAS_ADJUSTMENT=1.5 PLAIND_GAS_PRICES=0.001stake
}

start_chains() {
  local plain
  make_plain &
  plain=$!
  make_ballast
  wait "$plain"
  run plaind "$PLAIN_RPC_PORT" "$PLAIN_P2P_PORT" "$PLAIN_GRPC_PORT" "$PLAIN_API_PORT" 0.001stake
  run ballastd "$BALLAST_RPC_PORT" "$BALLAST_P2P_PORT" "$BALLAST_GRPC_PORT" "$BALLAST_API_PORT" 0.001ublst
  pay_fees
  local treasury
  treasury=$(plaind query auth module-account gov --output json | jq -r .account.value.address)
  sent plaind "$(plaind tx bank send member "$treasury" 5000000000000udao --yes --output json)"
}

# A feeder whose prices stand still, so that what must be sold is known.
start_feed() {
  printf 'time,DAO,USDC\n2026-01-01T00:00:00Z,2,1\n2026-01-02T00:00:00Z,2,1\n' > "$WORK/prices.csv"
  ballastd feed --from feeder --source replay --prices "$WORK/prices.csv" --every 2s > "$WORK/feed.log" 2>&1 &
  until ballastd query oracle price DAO --output json 2> /dev/null | jq -e '.price.status == "ok"' > /dev/null; do
    sleep 0.3
  done
}

# A maker that brought its money over IBC, as everybody did: all of it here is in escrow there.
start_maker() {
  local maker denom
  maker=$(ballastd keys show maker --address)
  for denom in udao uusdc; do
    sent plaind "$(plaind tx ibc-transfer transfer transfer channel-0 "$maker" "2000000000000$denom" --from maker --yes \
      --output json)"
  done
  until ballastd query bank balances "$maker" --output json | jq -e '.balances | length == 3' > /dev/null; do sleep 0.3; done
  ballastd maker --from maker --margin 0.1% --poll 500ms > "$WORK/maker.log" 2>&1 &
}

# sent PROGRAM ANSWER: waits for a transaction to be in a block, and fails when it did.
sent() { "$1" query wait-tx "$(jq -r .txhash <<< "$2")" --output json | jq -e '.code == 0' > /dev/null; }
