#!/bin/sh
# A Slurm cluster of its own on this machine, for tests: munge, a controller and two nodes that share the processors,
# all in one folder and on the loopback interface alone. Needs the packages slurmctld, slurmd, slurm-client and munge;
# two nodes need the right to make UTS namespaces, without which there is one.
#
#   scripts/slurm.sh start FOLDER        prints the value for SLURM_CONF
#   scripts/slurm.sh controller FOLDER   ends the controller as a kill does, and starts it again
#   scripts/slurm.sh stop FOLDER
set -eu

[ $# -eq 2 ] || { echo "askew: expected start, controller or stop, and a folder" >&2; exit 64; }
# Daemons live on: whoever started this waits for its end of a socket as long as one of them holds the other.
if [ -z "${ASKEW_SLURM_ALONE:-}" ]; then
  ASKEW_SLURM_ALONE=1
  export ASKEW_SLURM_ALONE
  exec python3 -c 'import os, sys; os.closerange(3, 4096); os.execvp("sh", ["sh", *sys.argv[1:]])' "$0" "$@"
fi
unset ASKEW_SLURM_ALONE
mkdir -p "$2"
root=$(cd "$2" && pwd)
export SLURM_CONF="$root/slurm.conf"
PATH=$PATH:/usr/sbin:/sbin

port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Ends what a file names, if it still runs.
end() {
  [ -s "$1" ] || return 0
  number=$(cat "$1")
  kill "-$2" "$number" 2>/dev/null || return 0
  for _ in $(seq 100); do
    kill -0 "$number" 2>/dev/null || return 0
    sleep 0.05
  done
  kill -KILL "$number" 2>/dev/null || true
}

# node NAME: in a namespace where the machine is called so, since that is how a node knows which it is.
node() {
  if [ "$nodes" = 2 ]; then
    # shellcheck disable=SC2016 # for the inner shell
    unshare --uts sh -c 'hostname "$1" && exec slurmd -c' sh "$1" >/dev/null 2>&1
  else
    slurmd -c >/dev/null 2>&1
  fi
}

configure() {
  user=$(id -un)
  cat >"$SLURM_CONF" <<CONF
ClusterName=askew
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
CredType=cred/munge
# A task that is queued again waits as long as a credential lasts.
AuthInfo=socket=$root/munge/socket,cred_expire=5
SlurmctldPort=$(port)
SlurmctldPidFile=$root/slurmctld.pid
SlurmdPidFile=$root/slurmd-%n.pid
SlurmctldLogFile=$root/log/slurmctld
SlurmdLogFile=$root/log/slurmd-%n
StateSaveLocation=$root/state
SlurmdSpoolDir=$root/spool/%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/filetxt
JobCompLoc=$root/log/completed
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=0,batch_sched_delay=0,sched_interval=1,bf_interval=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldParameters=preempt_send_user_signal
KillWait=10
MinJobAge=30
MaxArraySize=1001
SlurmctldDebug=debug
ReturnToService=2
CONF
  for name in $names; do
    echo "NodeName=$name NodeHostname=$name NodeAddr=127.0.0.1 Port=$(port) CPUs=2 RealMemory=1000" \
      "State=UNKNOWN" >>"$SLURM_CONF"
  done
  cat >>"$SLURM_CONF" <<CONF
PartitionName=low Nodes=ALL Default=YES MaxTime=60 State=UP PriorityTier=1 GraceTime=10
PartitionName=high Nodes=ALL MaxTime=60 State=UP PriorityTier=2 PreemptMode=OFF
CONF
}

start() {
  nodes=2
  names='askew-one askew-two'
  if ! unshare --uts true 2>/dev/null; then
    nodes=1
    names=$(hostname -s)
  fi
  mkdir -p "$root/munge" "$root/state" "$root/spool" "$root/log"
  chmod 700 "$root/munge"
  (umask 077 && head -c 1024 /dev/urandom >"$root/munge/key")
  munged --force --key-file="$root/munge/key" --socket="$root/munge/socket" \
    --pid-file="$root/munge/pid" --log-file="$root/munge/log" --seed-file="$root/munge/seed" >/dev/null 2>&1
  configure
  # Daemons keep what they were given to write to: whoever reads this script's output would wait for them.
  slurmctld -c >/dev/null 2>&1
  for name in $names; do node "$name"; done
  for _ in $(seq 200); do
    if [ "$(sinfo --noheader --partition=low --states=idle --format=%D 2>/dev/null)" = "$nodes" ]; then
      echo "$SLURM_CONF"
      return
    fi
    sleep 0.05
  done
  echo "askew: Slurm did not start; its logs are in $root/log" >&2
  exit 1
}

case $1 in
  start) start ;;
  controller)
    end "$root/slurmctld.pid" KILL
    slurmctld >/dev/null 2>&1
    ;;
  stop)
    end "$root/slurmctld.pid" TERM
    for file in "$root"/slurmd-*.pid; do end "$file" TERM; done
    end "$root/munge/pid" TERM
    ;;
  *) echo "askew: expected start, controller or stop, found $1" >&2; exit 64 ;;
esac
