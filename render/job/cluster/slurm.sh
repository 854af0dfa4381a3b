#!/bin/bash
# A job on a Slurm cluster: as many parts as the array has tasks, each on whatever node is free, all into one shared folder.
#
#   sbatch --array=1-8 --cpus-per-task=4 slurm.sh layouts/alert.yaml out/alert/
#   sbatch --dependency=afterok:JOBID --wrap "biaoyu gather out/alert/"
#
# A task that was killed is requeued and goes on where it was. `sbatch --array=3 slurm.sh ...` alone would be part 1 of 1:
# to draw one part again, say which: `biaoyu render LAYOUT -o DIR/ --shard 3/8 --resume`.
#SBATCH --job-name=biaoyu
#SBATCH --requeue
set -eu
exec "${BIAOYU:-biaoyu}" render "$1" -o "$2" --shard auto --resume --jobs "${SLURM_CPUS_PER_TASK:-1}" --progress=never
