#!/bin/sh
# Does a command in shards with GNU parallel, here or on other machines over ssh, and merges them.
#   scripts/shards.sh [-j JOBS] [-S HOST,HOST…] [-d FOLDER] COUNT COMMAND [WORDS…]
#   scripts/shards.sh 16 sweep
#   scripts/shards.sh -S one,two -d /srv/conform 16 fuzz --count 100000
# Each machine needs the tool as $CONFORM (pmem-conform) and, for a project of your own, its files in FOLDER. What is done is in the
# folder $SHARDS (shards): the same line again does only what is missing, as the job log of GNU parallel says.
set -eu

usage() {
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

jobs=''
hosts=''
folder=$PWD
while getopts j:S:d: option; do
  case $option in
    j) jobs=$OPTARG ;;
    S) hosts=$OPTARG ;;
    d) folder=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || usage
count=$1
shift
case $count in *[!0-9]* | '' | 0) usage ;; esac
command -v parallel > /dev/null || { echo 'GNU parallel is not here: apt-get install parallel' >&2; exit 2; }

: "${CONFORM:=pmem-conform}" "${SHARDS:=shards}"
mkdir -p "$SHARDS"
# The words as one line that a shell reads as these words again.
words=''
for word in "$@"; do
  words="$words '$(printf %s "$word" | sed "s/'/'\\\\''/g")'"
done

# The job log knows numbers only, so a folder belongs to one command.
said="$count$words"
if [ -f "$SHARDS/command" ] && [ "$(cat "$SHARDS/command")" != "$said" ]; then
  echo "$SHARDS has shards of another command:$(cat "$SHARDS/command"); take it away, or set SHARDS" >&2
  exit 2
fi
printf '%s\n' "$said" > "$SHARDS/command"

# A shard comes back on standard output, so nothing has to be copied from other machines. A half one never gets its name.
seq "$count" | parallel \
  ${jobs:+--jobs "$jobs"} ${hosts:+--sshlogin "$hosts"} \
  --joblog "$SHARDS/log" --resume-failed --retries 3 --halt soon,fail=1 --line-buffer --results "$SHARDS/{}/" \
  "cd '$folder' && $CONFORM $words --shard {}/$count" > /dev/null

set --
for number in $(seq "$count"); do
  set -- "$@" "$SHARDS/$number/stdout"
done
exec $CONFORM merge "$@"
