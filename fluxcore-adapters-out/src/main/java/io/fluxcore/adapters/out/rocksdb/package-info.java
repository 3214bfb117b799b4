/**
 * Keyed state in RocksDB, for jobs with more state than heap. {@link
 * io.fluxcore.adapters.out.rocksdb.RocksDbStateBackends} is the door: it makes the state of
 * subtasks, all of which share one cap on native memory and one on the heap. Imports the domain and
 * {@code org.rocksdb}, which nothing else does.
 *
 * <p>A {@link io.fluxcore.adapters.out.rocksdb.RocksDbSlotTable} keeps the slots that a job works
 * on in a table on the heap, and writes what was touched in the order of its keys when the table is
 * full or a checkpoint asks for it. A key is {@linkplain
 * io.fluxcore.adapters.out.rocksdb.StoredKeys stored} as key group, state, namespace, hash and what
 * the hash leaves open, so that a namespace of a key group is one range, and a walk in the order of
 * hashes brings each key group to memory in parts of any size. Where a job only adds to its state,
 * additions are written without reading what is there, and merged when the state is read.
 */
@NullMarked
package io.fluxcore.adapters.out.rocksdb;

import org.jspecify.annotations.NullMarked;
