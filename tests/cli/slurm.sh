# A job array on a real Slurm: munged, slurmctld and slurmd run here, as this user, for the length of the test.
. "$ROOT/tests/cli/lib.sh"
for tool in munged slurmctld slurmd sbatch; do
	have $tool || PATH=$PATH:/usr/sbin have $tool || { skip "Slurm: $tool is not installed"; exit 0; }
done
PATH=$PATH:/usr/sbin
[ "$(id -u)" = 0 ] || { skip "Slurm: slurmd must be started by root"; exit 0; }

# A short path: a socket's name may have 108 bytes.
home=$(mktemp -d /tmp/slurm.XXXXXX)
chmod 755 "$home"
started=()
end() {
	[ ${#started[@]} -gt 0 ] && kill "${started[@]}" 2>/dev/null
	for pid in "${started[@]}"; do wait "$pid" 2>/dev/null; done
	rm -rf "$home"
}
trap end EXIT

node=$(hostname -s)
mkdir -p "$home/state" "$home/spool" "$home/munge"
head -c 128 /dev/urandom >"$home/munge.key"
chmod 600 "$home/munge.key"
port=$((20000 + $$ % 20000))
cat >"$home/slurm.conf" <<-C
	ClusterName=test
	SlurmctldHost=$node(127.0.0.1)
	NodeName=$node NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
	PartitionName=all Nodes=$node Default=YES State=UP
	SlurmUser=$(id -un)
	AuthInfo=socket=$home/munge/socket
	SlurmctldPort=$port
	SlurmdPort=$((port + 1))
	StateSaveLocation=$home/state
	SlurmdSpoolDir=$home/spool
	SlurmctldPidFile=$home/slurmctld.pid
	SlurmdPidFile=$home/slurmd.pid
	SlurmctldLogFile=$home/slurmctld.log
	SlurmdLogFile=$home/slurmd.log
	ProctrackType=proctrack/linuxproc
	TaskPlugin=task/none
	SelectType=select/cons_tres
	SelectTypeParameters=CR_CPU
	SchedulerParameters=sched_min_interval=100000
C
export SLURM_CONF=$home/slurm.conf
munged --foreground --force --key-file="$home/munge.key" --socket="$home/munge/socket" --pid-file="$home/munge/pid" --log-file="$home/munge/log" --seed-file="$home/munge/seed" >"$home/munged.out" 2>&1 </dev/null &
started+=($!)
for _ in $(seq 50); do [ -S "$home/munge/socket" ] && break || sleep 0.1; done
slurmctld -D >"$home/slurmctld.out" 2>&1 </dev/null &
started+=($!)
slurmd -D >"$home/slurmd.out" 2>&1 </dev/null &
started+=($!)
state=
for _ in $(seq 60); do
	state=$(timeout 2 sinfo -h -o %T 2>/dev/null)
	[ "$state" = idle ] && break
	sleep 0.25
done
if [ "$state" != idle ]; then
	skip "Slurm: it could not be started here ($(tail -n 1 "$home/slurmctld.log" 2>/dev/null))"
	exit 0
fi

"$BIAOYU" render "$ROOT/layouts/alert.yaml" -o one/
ok "a job array of 3 tasks" timeout 60 sbatch --wait --array=1-3 --cpus-per-task=1 --export=ALL,BIAOYU="$BIAOYU" --chdir="$PWD" --output="$PWD/task-%a.out" \
	"$ROOT/render/job/cluster/slurm.sh" "$ROOT/layouts/alert.yaml" "$PWD/many/"
is "no task says anything" "" "$(cat task-*.out)"
is "three shards are there" 3 "$(find many/.biaoyu -name '*.shard-?-of-3.jsonl' | wc -l)"
ok "gather" "$BIAOYU" gather many
is "the shards give what one machine gives" "$(cd one && find . -type f | LC_ALL=C sort | xargs sha256sum)" "$(cd many && find . -type f | LC_ALL=C sort | xargs sha256sum)"
