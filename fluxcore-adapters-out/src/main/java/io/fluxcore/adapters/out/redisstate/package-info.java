/**
 * Keyed state in Redis, for jobs whose state is to lie outside the process. {@link
 * io.fluxcore.adapters.out.redisstate.RedisStateBackends} is the door: it makes the state of
 * subtasks. Imports the domain and Lettuce ({@code io.lettuce}), which nothing else does.
 *
 * <p>A {@link io.fluxcore.adapters.out.redisstate.RedisSlotTable} keeps the slots that a job works
 * on in a table on the heap, and writes what was touched when there is no room for more or a
 * checkpoint asks for it. What of a batch is not there is read in one round of commands that are
 * sent together. The entries of a table lie in {@linkplain
 * io.fluxcore.adapters.out.redisstate.Buckets buckets}, hashes of Redis of a few hundred entries
 * each, whose names are computed from the hashes of keys, so that nothing is ever looked for.
 *
 * <p>All names begin with those of the process's {@linkplain
 * io.fluxcore.adapters.out.redisstate.RedisSession session} and of the store, which is made anew
 * for each subtask of each attempt of a job, so nobody writes where another one reads. What a
 * killed process has left is removed by the next one, or by any other that runs.
 */
@NullMarked
package io.fluxcore.adapters.out.redisstate;

import org.jspecify.annotations.NullMarked;
