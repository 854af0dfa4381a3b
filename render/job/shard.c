/* shard.c -- a job cut into parts for several machines: "2/8", or what the array variables of a batch system say. */
#include "job/job.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"

/* A batch system's variables: the number of this task, of the first one, the step between two, how many there are. */
typedef struct ArraySystem { const char *name, *index, *first, *step, *count; } ArraySystem;

static const ArraySystem systems[] = {
    {"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT"},
    {"AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", NULL, NULL, "AWS_BATCH_JOB_ARRAY_SIZE"},
    /* Kubernetes tells an indexed job its number but not how many there are: the job's file says it again. */
    {"Kubernetes", "JOB_COMPLETION_INDEX", NULL, NULL, "JOB_COMPLETIONS"},
};

static bool read_variable(const char *name, long otherwise, long *out)
{
    const char *text = name ? getenv(name) : NULL;
    *out = otherwise;
    return !text || !*text ? otherwise >= 0 : num_parse_count(text, out);
}

static const char *read_system(Arena *arena, const ArraySystem *system, JobShard *out)
{
    long index, first, step, count;
    if (!read_variable(system->index, -1, &index) || !read_variable(system->first, 0, &first) || !read_variable(system->step, 1, &step))
        return arena_printf(arena, "%s's %s is no number", system->name, system->index);
    if (!read_variable(system->count, -1, &count))
        return arena_printf(arena, "%s does not say how many tasks there are: set %s", system->name, system->count);
    if (step < 1 || index < first || (index - first) % step || (index - first) / step >= count || count > LIMIT_SHARDS)
        return arena_printf(arena, "%s's task %ld is none of %ld", system->name, index, count);
    *out = (JobShard){(size_t)((index - first) / step) + 1, (size_t)count};
    return NULL;
}

const char *job_read_shard(Arena *arena, const char *text, JobShard *out)
{
    if (!strcmp(text, "auto")) {
        for (size_t i = 0; i < sizeof systems / sizeof *systems; i++)
            if (getenv(systems[i].index)) return read_system(arena, &systems[i], out);
        return "--shard auto: no array variables of Slurm, Kubernetes or AWS Batch are set";
    }
    const char *slash = strchr(text, '/');
    long number, count;
    if (!slash || !num_parse_count(arena_copy(arena, text, (size_t)(slash - text)), &number) || !num_parse_count(slash + 1, &count) || number < 1
        || number > count || count > LIMIT_SHARDS)
        return arena_printf(arena, "--shard wants K/N, such as 2/8 with K from 1 to N and N up to %d, or auto, not \"%s\"", LIMIT_SHARDS, text);
    *out = (JobShard){(size_t)number, (size_t)count};
    return NULL;
}
