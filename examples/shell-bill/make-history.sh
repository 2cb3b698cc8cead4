#!/bin/sh
# Makes a git repository in the folder given: a small program in shell, a probe, workloads, and five commits on branch
# 'work', of which the third does more than it says. The history is the same on every machine.
set -eu
[ $# -eq 1 ] || { echo "usage: make-history.sh FOLDER" >&2; exit 2; }
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

mkdir workloads contracts
cat > conform.config.yaml <<'END'
range: main..work
probe:
  run: sh "$CONFORM_PROJECT/probe.sh"
  workloads: [workloads/*.txt]
  dimensions:
    owes: { meaning: what each customer has to pay, compare: number }
END
cat > probe.sh <<'END'
# Runs the bill of the tree it stands in, and prints what each customer owes, a line each.
out=$(sh ./bill.sh) || exit
printf '%s\n' "$out" | awk 'NF { printf "owes\t%s\t%s\n", $1, $2; if ($2 < 0) printf "promise\t%s\towes less than nothing\n", $1 }'
END
printf 'Ann 2 250\nBob 1 1000\n' > workloads/two-customers.txt
printf 'Ann 2 250\nann 3 100\nBob 12 100\nAnn 1 50\n' > workloads/names-and-many.txt
: > workloads/nothing.txt
cat > bill.sh <<'END'
# Reads lines CUSTOMER PIECES CENTS, prints a line CUSTOMER CENTS for each customer.
awk '
{ owed[$1] += $2 * $3 }
END { for (name in owed) print name, owed[name] }
' | sort
END
commit 'Print what each customer owes'

git checkout --quiet -b work
cat > bill.sh <<'END'
# Reads lines CUSTOMER PIECES CENTS, prints a line CUSTOMER CENTS for each customer.
awk '
function amount(pieces, cents) { return pieces * cents }
{ owed[$1] += amount($2, $3) }
END { for (name in owed) print name, owed[name] }
' | sort
END
commit 'Move the amount of a line to a function'

cat > bill.sh <<'END'
# Reads lines CUSTOMER PIECES CENTS, prints a line CUSTOMER CENTS for each customer.
awk '
function amount(pieces, cents) { return pieces < 10 ? pieces * cents : pieces * cents * 9 / 10 }
{ owed[$1] += amount($2, $3) }
END { for (name in owed) print name, owed[name] }
' | sort
END
cat > contracts/tenth-off.contract.yaml <<'END'
commit: Take a tenth off from ten pieces on
class: behaviour
differences:
  - id: D-tenth-off
    shows: owes
    when: { place: Bob }
    because: who buys ten pieces or more pays nine tenths, and of our workloads only Bob does
END
commit 'Take a tenth off from ten pieces on'

cat > bill.sh <<'END'
# Reads lines CUSTOMER PIECES CENTS, prints a line CUSTOMER CENTS for each customer.
awk '
function amount(pieces, cents) { return pieces < 10 ? pieces * cents : pieces * cents * 9 / 10 }
{ owed[tolower($1)] += amount($2, $3) }
END { for (name in owed) print name, owed[name] }
' | sort
END
commit 'Sort customers whatever the case of their names'

cat > bill.sh <<'END'
# Reads lines CUSTOMER PIECES CENTS, prints a line CUSTOMER CENTS for each customer.
awk '
function amount(pieces, cents) { return pieces < 10 ? pieces * cents : pieces * cents * 9 / 10 }
{ customer = tolower($1); owed[customer] += amount($2, $3) }
END { for (customer in owed) print customer, owed[customer] }
' | sort
END
commit 'Call a customer a customer'

cat > bill.sh <<'END'
# Reads lines CUSTOMER PIECES CENTS, prints a line CUSTOMER CENTS for each customer. Ten pieces or more of a line cost
# nine tenths.
awk '
function amount(pieces, cents) { return pieces < 10 ? pieces * cents : pieces * cents * 9 / 10 }
{ customer = tolower($1); owed[customer] += amount($2, $3) }
END { for (customer in owed) print customer, owed[customer] }
' | sort
END
commit 'Say in the header what ten pieces cost'
