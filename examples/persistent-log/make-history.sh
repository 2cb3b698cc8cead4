#!/bin/sh
# Makes a git repository in the folder given: a small log in persistent memory, and four commits on branch 'work', of which
# the second loses a write-back. The history is the same on every machine.
set -eu
[ $# -eq 1 ] || { echo "usage: make-history.sh FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
[ -z "$(ls -A)" ] || { echo "$1 is not empty" >&2; exit 2; }

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME='An Example' GIT_AUTHOR_EMAIL=example@example.org GIT_AUTHOR_DATE='2024-01-01T00:00:00Z'
export GIT_COMMITTER_NAME='An Example' GIT_COMMITTER_EMAIL=example@example.org
export GIT_COMMITTER_DATE='2024-01-01T00:00:00Z'
commit() {
  git add --all
  git commit --quiet --message "$1"
}
git init --quiet --initial-branch=main
cp "$here/log.c" log.c
cp "$here/../../recorder/pmmark.h" pmmark.h
cat > conform.config.yaml <<'END'
range: main..work
recording:
  build: gcc -O1 -g -mclwb log.c -o log
  record: conform record --out "$CONFORM_RECORDING" -- ./log x.img 4
END
commit 'Keep a log in persistent memory'

git checkout --quiet -b work
sed -i 's/(int)(number % 26)/(int)number % 26/' log.c
commit 'Reckon letters as int'
sed -i '/persist(record, sizeof/d; s/persist(&log->tail, sizeof log->tail)/persist(log, sizeof log->tail)/' log.c
commit 'Persist record and tail together'
sed -i 's/struct log \*log, uint64_t number/struct log *log, const uint64_t number/' log.c
commit 'Say that the number does not change'
sed -i 's/A log in persistent memory:/A small log in persistent memory:/' log.c
commit 'Say how large the log is'
