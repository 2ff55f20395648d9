#!/bin/sh
# Runs fuzz targets one after the other for so many seconds of processor time in all (an hour), those of logs, corpora and
# Parquet files longer than the others, and stops at the first finding, which it leaves in `artifacts/TARGET`:
#
#     fuzz/run.sh [SECONDS [TARGET ...]]
#
# Needs a C++ compiler and no other toolchain than the workspace: `coverage.sh` asks rustc for the coverage of the crates of
# this workspace alone, so that their dependencies are those of an ordinary build. A finding is run again with
# `TARGET_FOLDER/debug/TARGET artifacts/TARGET/FILE`.
set -eu
cd "$(dirname "$0")"
seconds=${1:-3600}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- $(sed -n 's/^name = "\([a-z_]*\)"$/\1/p' Cargo.toml)
folder=${CARGO_TARGET_DIR:-../target/fuzz}
cargo=${CARGO:-cargo}
if [ "${BUILD:-yes}" = yes ]; then
    CARGO_TARGET_DIR=$folder RUSTC_WORKSPACE_WRAPPER="$PWD/coverage.sh" $cargo build -p stillwatch-fuzz --features libfuzzer --bins
fi
./seeds.sh

weight() {
    case $1 in logs | corpus) echo 4 ;; parquet) echo 3 ;; *) echo 1 ;; esac
}
all=0
for target; do all=$((all + $(weight "$target"))); done
for target; do
    own=$((seconds * $(weight "$target") / all))
    mkdir -p "corpus/$target" "artifacts/$target"
    # The limit counts processor time, so that a busy machine shortens nothing; it ends the process with a signal.
    status=0
    (ulimit -t "$own" && exec "$folder/debug/$target" -rss_limit_mb=2048 -timeout=300 -max_len=65536 -print_pcs=0 \
        -artifact_prefix="artifacts/$target/" "corpus/$target") >"artifacts/$target.log" 2>&1 || status=$?
    runs=$(sed -n 's/^#\([0-9]*\)[[:space:]].*/\1/p' "artifacts/$target.log" | tail -1)
    case $status in
    0 | 137 | 152) echo "$target: $own s, ${runs:-0} runs, no finding" ;;
    *)
        echo "$target: a finding after ${runs:-0} runs, see artifacts/$target.log" >&2
        exit 1
        ;;
    esac
done
