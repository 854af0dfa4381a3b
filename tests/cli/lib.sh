# lib.sh -- for the scripts beside it: `. "$ROOT/tests/cli/lib.sh"`. They run in an empty folder of their own, with
# $BIAOYU (the program), $ROOT (the checkout) and $WORK (scratch, removed at the end).

# ok WHAT COMMAND...: passes when the command does
ok() {
	local what=$1
	shift
	if "$@" >ok.out 2>&1; then echo "ok - $what"; else
		echo "not ok - $what"
		head -20 ok.out
	fi
}

# is WHAT EXPECTED GOT
is() {
	if [ "$2" = "$3" ]; then echo "ok - $1"; else
		echo "not ok - $1"
		printf 'expected: %s\n     got: %s\n' "$2" "$3"
	fi
}

# has WHAT FILE TEXT: the file holds the text
has() {
	if grep -aqF -- "$3" "$2"; then echo "ok - $1"; else
		echo "not ok - $1"
		echo "no \"$3\" in $2:"
		head -c 2000 "$2"
	fi
}

# exits WHAT CODE COMMAND...
exits() {
	local what=$1 code=$2
	shift 2
	"$@" >exits.out 2>exits.err
	is "$what" "$code" "$?"
}

skip() { echo "skip - $1"; }
have() { command -v "$1" >/dev/null 2>&1; }
