#!/bin/sh
# Traces a real service under load with a recipe and compares what the recipe counts with what the client counts.
#
#     sudo tests/service.sh caddy     Caddy, built from its module, 4,000 requests of 16 clients
#     sudo tests/service.sh vault     the core of Vault, 150 MB, 20 secrets
#
# Needs root, Rust, Go and, on first use, the network; ends by itself. bpftrace comes as in the other tests.
set -e
cd "$(dirname "$0")/.."
case "${1:-}" in
caddy | vault) exec cargo test --quiet --release --test service -- "$1" ;;
*)
	sed -n '2,7s/^# \{0,1\}//p' "$0"
	exit 2
	;;
esac
