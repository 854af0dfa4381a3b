/* cores.c -- how many cores this process may use: those it is bound to (taskset, a task of Slurm), and no more than its control group
 * has time for (the limit of a container, cgroup v2 cpu.max). A worker for each of a node's 128 would only cost memory. */
#include "job/run.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"

static long bound_to(void)
{
    cpu_set_t set;
    if (!sched_getaffinity(0, sizeof set, &set)) return CPU_COUNT(&set);
    return sysconf(_SC_NPROCESSORS_ONLN);
}

static bool read_line(const char *path, char *line, size_t room)
{
    FILE *file = fopen(path, "re");
    bool ok = file && fgets(line, (int)room, file);
    if (file) fclose(file);
    return ok;
}

/* "200000 100000" is 2, "max 100000" no limit: 0. */
static long cores_of_quota(const char *text)
{
    long quota, period;
    if (sscanf(text, "%ld %ld", &quota, &period) != 2 || quota <= 0 || period <= 0) return 0;
    return quota / period + (quota % period != 0);
}

/* Of our group and of those it lies in. 0: none has a limit. */
static long group_limit(void)
{
    char group[2048] = "", path[4096], line[128];
    FILE *file = fopen("/proc/self/cgroup", "re");
    while (file && fgets(group, sizeof group, file) && strncmp(group, "0::", 3) != 0) *group = '\0';
    if (file) fclose(file);
    group[strcspn(group, "\n")] = '\0';
    long least = 0;
    for (char *name = *group ? group + 3 : group;;) {
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.max", name);
        long cores = read_line(path, line, sizeof line) ? cores_of_quota(line) : 0;
        if (cores && (!least || cores < least)) least = cores;
        char *slash = strrchr(name, '/');
        if (!slash) return least;
        *slash = '\0';
    }
}

unsigned cores_count(void)
{
    long cores = bound_to(), limit = group_limit();
    if (limit && limit < cores) cores = limit;
    return cores < 1 ? 1 : cores > LIMIT_JOBS ? LIMIT_JOBS : (unsigned)cores;
}
