# A full disk, and a write that fails: whichever write it is, a clear error, exit code 4, no half file; then --resume.
. "$ROOT/tests/cli/lib.sh"

awk 'BEGIN {print "code,community"; for (i = 1; i <= 12; i++) printf "S%03d,示例社区%d\n", i, i}' >rows.csv
cat >picture.yaml <<'Y'
format: 1
kind: picture
title: writes
colors: {black: {rgb: "#000000"}, white: {rgb: "#FFFFFF"}}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 30px, color: black}}
page: {size: [360px, 480px]}
data: {rows: rows.csv}
body: {box: column, background: white, items: [{text: 不轻信}, {text: "{{community}}"}]}
output: {format: png, name: "pictures/{{code}}.png"}
Y
sums() { (cd "$1" && find . -type f | LC_ALL=C sort | xargs sha256sum); }
"$BIAOYU" render picture.yaml -o whole/
wanted=$(sums whole)

# ---- the Nth call that changes the disk fails ----

cat >shim.c <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
/* The FAIL_AT-th write, link, rename or fsync of the process fails with ENOSPC, and all after it. */
static atomic_int count;
static int fails(int fd)
{
    struct stat status;
    if (fd >= 0 && (fstat(fd, &status) || !S_ISREG(status.st_mode))) return 0;      /* pipes and terminals are no disk */
    if (atomic_fetch_add(&count, 1) + 1 < atoi(getenv("FAIL_AT"))) return 0;
    errno = ENOSPC;
    return 1;
}
#define NEXT(type, name) ((type)dlsym(RTLD_NEXT, name))
ssize_t write(int fd, const void *bytes, size_t length) { return fails(fd) ? -1 : NEXT(ssize_t (*)(int, const void *, size_t), "write")(fd, bytes, length); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return fails(fd) ? -1 : NEXT(ssize_t (*)(int, const void *, size_t, off_t), "pwrite")(fd, bytes, length, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) { return fails(fd) ? -1 : NEXT(ssize_t (*)(int, const void *, size_t, off_t), "pwrite64")(fd, bytes, length, at); }
int linkat(int a, const char *from, int b, const char *to, int flags) { return fails(-1) ? -1 : NEXT(int (*)(int, const char *, int, const char *, int), "linkat")(a, from, b, to, flags); }
int rename(const char *from, const char *to) { return fails(-1) ? -1 : NEXT(int (*)(const char *, const char *), "rename")(from, to); }
int fsync(int fd) { return fails(fd) ? -1 : NEXT(int (*)(int), "fsync")(fd); }
C

# fail_each WHAT FOLDER COMMAND...: fail at the 1st, 2nd, ... until it goes through; every file there is one of whole/
fail_each() {
	local what=$1 folder=$2 at=0 code=1 wrong=
	shift 2
	while [ $code -ne 0 ] && [ $at -lt 200 ]; do
		at=$((at + 1))
		rm -rf "$folder"
		LD_PRELOAD=$PWD/shim.so FAIL_AT=$at "$@" -j1 2>err.txt
		code=$?
		[ $code -eq 0 ] && break
		[ $code -eq 4 ] || wrong="$wrong exit $code at $at;"
		grep -q 'error\[unwritable\].*No space left on device' err.txt || wrong="$wrong message at $at: $(head -1 err.txt);"
		for file in $(cd "$folder" 2>/dev/null && find . -type f ! -path '*/.biaoyu/*'); do
			cmp -s "$folder/$file" "whole/$file" || wrong="$wrong half of $file at $at;"
		done
		"$@" --resume 2>err.txt || wrong="$wrong resume at $at: $(head -1 err.txt);"
		cmp -s <(sums "$folder") <(sums "${folder%-fails}") || wrong="$wrong other files after $at;"
	done
	is "$what: each of $((at - 1)) writes fails once" "" "$wrong"
	ok "$what: there were writes to fail" [ $at -gt 4 ]
}
case $MODE in
release)
	ok "the failing disk builds" gcc -shared -fPIC -o shim.so shim.c -ldl
	cp -r whole pictures
	fail_each "pictures" pictures-fails "$BIAOYU" render picture.yaml -o pictures-fails/
	mkdir one && "$BIAOYU" render picture.yaml -o one/all.pdf && cp one/all.pdf whole/
	fail_each "a PDF" one-fails "$BIAOYU" render picture.yaml -o one-fails/all.pdf
	cat >press.yaml <<-'Y'
	format: 1
	kind: sticker
	title: writes
	colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
	fonts: {sans: {family: Noto Sans CJK SC}}
	styles: {base: {font: sans, size: 9pt, color: black}}
	page: {size: [50mm, 30mm], margin: 4mm}
	data: {rows: rows.csv}
	body: {text: "{{community}}"}
	output: {standard: PDF/X-4}
	Y
	mkdir press && "$BIAOYU" render press.yaml -o press/press.pdf && cp press/press.pdf whole/
	fail_each "a press file" press-fails "$BIAOYU" render press.yaml -o press-fails/press.pdf
	;;
*) skip "failing writes: sanitizers and LD_PRELOAD do not mix" ;;
esac

# ---- a limit of file sizes ends no run without a word ----

(ulimit -f 8; "$BIAOYU" render picture.yaml -o limited/all.pdf 2>limited.err; echo $? >limited.code)
is "files of 8 kB at most: exit code 4" 4 "$(cat limited.code)"
has "it says so" limited.err 'error[unwritable]: cannot write "limited/all.pdf": File too large'
awk 'BEGIN {print "code,community"; for (i = 1; i <= 40000; i++) printf "S%05d,示例社区%d的一个长名字示例社区\n", i, i}' >large.csv
(ulimit -f 512; "$BIAOYU" render picture.yaml -o limited/ --data large.csv --rows 1-3 2>limited.err; echo $? >limited.code)
is "a table that may not lie in a file lies in memory" "0 3" "$(cat limited.code) $(find limited -name '*.png' | wc -l)"

# ---- a full disk, in a mount namespace of our own ----

if unshare -m true 2>/dev/null; then
	cat >full.sh <<-'S'
		mkdir -p small && mount -t tmpfs -o size=60k tmpfs small || exit 99
		"$BIAOYU" render picture.yaml -o small/ 2>full.err
		echo $? >full.code
		for file in small/*.png; do cmp -s "$file" "whole/${file#small/}" || echo "$file" >>full.half; done
		ls small | wc -l >full.count
		mount -o remount,size=8m small
		"$BIAOYU" render picture.yaml -o small/ --resume >resumed.out 2>&1
		echo $? >resumed.code
		cp -r small after
	S
	unshare -m bash full.sh
	if [ -e full.code ]; then
		is "a full disk: exit code 4" 4 "$(cat full.code)"
		has "it says so" full.err "No space left on device"
		ok "some pictures were done" [ "$(cat full.count)" -gt 0 ]
		ok "and it says that they are" grep -qE '^picture.yaml: [0-9]+ errors?; [0-9]+ (file is|files are) done, --resume goes on$' full.err
		is "none is half" "" "$(cat full.half 2>/dev/null)"
		is "with room again, --resume ends well" 0 "$(cat resumed.code)"
		is "and the files are those of a run never stopped" "$wanted" "$(sums after)"
	else
		skip "a full disk: no tmpfs can be mounted here"
	fi
else
	skip "a full disk: no mount namespace here"
fi
