package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompactionOptionsUniversal;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.EnvOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.SstFileWriter;
import org.rocksdb.StringAppendOperator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One database: the state of one subtask of one operator. Nothing is logged ahead, since what is
 * lost with the process comes back from a checkpoint. Large sorted runs of entries become files
 * that the database takes over, without a way through its write buffers.
 *
 * <p>Written by the subtask's thread; frozen state may read it on another one, and holds it open
 * until it is {@linkplain #release released}.
 */
final class RocksDbStore {
  private static final int RUN_ENTRIES = 8192;
  private static final int BATCH_BYTES = 1 << 20;
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int BITS_PER_KEY = 10;
  private static final long READ_AHEAD_BYTES = 1 << 20;
  private static final int OPEN_FILES = 512;

  /** Sorted runs at which they are merged, and those at which a writer waits for that. */
  private static final int MERGED_RUNS = 8;

  private static final int MOST_RUNS = 40;
  private static final int MERGE_WIDTH = 4;
  private static final int SIZE_AMPLIFICATION_PERCENT = 300;
  private static final long WAIT_NANOS = 5_000_000;

  private final String operatorId;
  private final Path directory;
  private final NativeMemory memory;
  private final FileNames names;
  private final List<RocksObject> owned;
  private final Options options;
  private final RocksDB database;
  private final WriteOptions writes;
  private final ReadOptions reads;
  private int files;
  private int holders = 1;

  /**
   * Opens a database, which may be there already.
   *
   * @param isLookedUp whether single keys are read, so that filters are worth their memory
   */
  RocksDbStore(
      String operatorId, Path directory, NativeMemory memory, boolean isLookedUp, FileNames names) {
    this.names = names;
    this.operatorId = operatorId;
    this.directory = directory;
    this.memory = memory;
    StringAppendOperator append = new StringAppendOperator("");
    CompactionOptionsUniversal universal =
        new CompactionOptionsUniversal()
            .setMinMergeWidth(MERGE_WIDTH)
            .setMaxSizeAmplificationPercent(SIZE_AMPLIFICATION_PERCENT);
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(memory.cache())
            .setBlockSize(BLOCK_BYTES)
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setFormatVersion(5);
    BloomFilter filter = new BloomFilter(BITS_PER_KEY, false);
    if (isLookedUp) {
      table
          .setFilterPolicy(filter)
          .setIndexType(IndexType.kTwoLevelIndexSearch)
          .setPartitionFilters(true);
    }
    long buffer = Math.min(8L << 20, Math.max(256 << 10, memory.writeBufferBytes() / 4));
    options =
        new Options()
            .setCreateIfMissing(true)
            .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
            .setKeepLogFileNum(1)
            .setStatsDumpPeriodSec(0)
            .setMaxOpenFiles(OPEN_FILES)
            .setWriteBufferManager(memory.writeBuffers())
            .setWriteBufferSize(buffer)
            .setArenaBlockSize(Math.max(64 << 10, buffer / 16))
            .setMaxBackgroundJobs(2)
            .setAvoidFlushDuringShutdown(true)
            .setMergeOperator(append)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setBottommostCompressionType(CompressionType.LZ4_COMPRESSION)
            .setCompactionStyle(CompactionStyle.UNIVERSAL)
            .setCompactionOptionsUniversal(universal)
            .setLevel0FileNumCompactionTrigger(MERGED_RUNS)
            .setTableFormatConfig(table);
    writes = new WriteOptions().setDisableWAL(true);
    reads = new ReadOptions();
    owned = List.of(writes, reads, options, append, universal, filter);
    try {
      Files.createDirectories(directory);
      database = RocksDB.open(options, directory.toString());
    } catch (RocksDBException e) {
      owned.forEach(RocksObject::close);
      throw failed(e);
    } catch (IOException e) {
      owned.forEach(RocksObject::close);
      throw RocksDbErrors.of(operatorId, directory, e);
    }
  }

  FluxCoreException failed(RocksDBException e) {
    return RocksDbErrors.of(operatorId, directory, e);
  }

  FileNames names() {
    return names;
  }

  /** The values of keys, null where there is none. */
  List<byte[]> get(List<byte[]> keys) {
    try {
      return database.multiGetAsList(reads, keys);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /** Begins to write entries whose keys ascend; about so many. */
  Run write(int entries) {
    return entries >= RUN_ENTRIES ? new FileRun() : new BatchRun();
  }

  /** Entries whose keys ascend. Closed also when it has not been ended. */
  interface Run extends AutoCloseable {
    void put(byte[] key, byte[] value) throws RocksDBException;

    /** Adds to what is there. */
    void add(byte[] key, byte[] value) throws RocksDBException;

    void delete(byte[] key) throws RocksDBException;

    /** Makes the entries part of the database. */
    void end() throws RocksDBException;

    @Override
    void close();
  }

  /** Few entries, which go through a write buffer. */
  private final class BatchRun implements Run {
    private final WriteBatch batch = new WriteBatch();

    private void full() throws RocksDBException {
      if (batch.getDataSize() >= BATCH_BYTES) {
        end();
        batch.clear();
      }
    }

    @Override
    public void put(byte[] key, byte[] value) throws RocksDBException {
      batch.put(key, value);
      full();
    }

    @Override
    public void add(byte[] key, byte[] value) throws RocksDBException {
      batch.merge(key, value);
      full();
    }

    @Override
    public void delete(byte[] key) throws RocksDBException {
      batch.delete(key);
      full();
    }

    @Override
    public void end() throws RocksDBException {
      database.write(writes, batch);
    }

    @Override
    public void close() {
      batch.close();
    }
  }

  /** Many entries, which become a file of the database. */
  private final class FileRun implements Run {
    private final EnvOptions environment = new EnvOptions();
    private final SstFileWriter writer = new SstFileWriter(environment, options);
    private final Path file = directory.resolveSibling(directory.getFileName() + "-run-" + ++files);
    private boolean isOpen;

    private void open() throws RocksDBException {
      if (!isOpen) {
        waitForMerges();
        writer.open(file.toString());
        isOpen = true;
      }
    }

    @Override
    public void put(byte[] key, byte[] value) throws RocksDBException {
      open();
      writer.put(key, value);
    }

    @Override
    public void add(byte[] key, byte[] value) throws RocksDBException {
      open();
      writer.merge(key, value);
    }

    @Override
    public void delete(byte[] key) throws RocksDBException {
      open();
      writer.delete(key);
    }

    @Override
    public void end() throws RocksDBException {
      if (isOpen) {
        writer.finish();
        try (IngestExternalFileOptions ingest =
            new IngestExternalFileOptions().setMoveFiles(true)) {
          database.ingestExternalFile(List.of(file.toString()), ingest);
        }
      }
    }

    @Override
    public void close() {
      writer.close();
      environment.close();
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw RocksDbErrors.of(operatorId, directory, e);
      }
    }
  }

  /** Files are taken over however many there are, so it is here that they are kept few. */
  private void waitForMerges() throws RocksDBException {
    while (Integer.parseInt(database.getProperty("rocksdb.num-files-at-level0")) > MOST_RUNS
        && database.getLongProperty("rocksdb.background-errors") == 0) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      LockSupport.parkNanos(WAIT_NANOS);
    }
  }

  /**
   * Reads entries in the order of their keys.
   *
   * @param end just behind the last key
   * @param snapshot what is read; null: the present
   */
  Scan scan(byte[] from, byte[] end, @Nullable Snapshot snapshot) {
    return new Scan(from, end, snapshot);
  }

  /** A cursor over entries. */
  final class Scan implements AutoCloseable {
    private final Slice bound;
    private final ReadOptions settings;
    private final RocksIterator iterator;
    private byte[] key = new byte[64];
    private byte[] value = new byte[256];
    private int keyLength;
    private int valueLength;

    private Scan(byte[] from, byte[] end, @Nullable Snapshot snapshot) {
      bound = new Slice(end);
      settings =
          new ReadOptions()
              .setFillCache(false)
              .setReadaheadSize(READ_AHEAD_BYTES)
              .setIterateUpperBound(bound);
      if (snapshot != null) {
        settings.setSnapshot(snapshot);
      }
      iterator = database.newIterator(settings);
      iterator.seek(from);
    }

    /** Whether there is an entry here. */
    boolean isValid() {
      if (!iterator.isValid()) {
        try {
          iterator.status();
        } catch (RocksDBException e) {
          throw failed(e);
        }
        return false;
      }
      return true;
    }

    void next() {
      iterator.next();
    }

    void seek(byte[] to) {
      iterator.seek(to);
    }

    /** The key here, in an array that may be longer; valid until the next call. */
    byte[] key() {
      keyLength = iterator.key(key, 0, key.length);
      if (keyLength > key.length) {
        key = new byte[keyLength];
        iterator.key(key, 0, keyLength);
      }
      return key;
    }

    int keyLength() {
      return keyLength;
    }

    /** The value here, in an array that may be longer; valid until the next call. */
    byte[] value() {
      valueLength = iterator.value(value, 0, value.length);
      if (valueLength > value.length) {
        value = new byte[valueLength];
        iterator.value(value, 0, valueLength);
      }
      return value;
    }

    int valueLength() {
      return valueLength;
    }

    @Override
    public void close() {
      iterator.close();
      settings.close();
      bound.close();
    }
  }

  /** Deletes all keys in ranges. */
  void deleteRanges(List<byte[]> froms, List<byte[]> ends) {
    try (WriteBatch batch = new WriteBatch()) {
      for (int i = 0; i < froms.size(); i++) {
        batch.deleteRange(froms.get(i), ends.get(i));
      }
      database.write(writes, batch);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /** Deletes the files that hold nothing but keys of a range, at once; frozen state loses them. */
  void deleteFiles(byte[] from, byte[] end) {
    try {
      database.deleteFilesInRanges(database.getDefaultColumnFamily(), List.of(from, end), false);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  Snapshot snapshot() {
    return database.getSnapshot();
  }

  void releaseSnapshot(Snapshot snapshot) {
    database.releaseSnapshot(snapshot);
  }

  /** Links the files of the present state into a new folder, write buffers included. */
  void checkpoint(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.create(database)) {
      checkpoint.createCheckpoint(folder.toString());
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /** Bytes of files and write buffers. */
  long bytes() {
    try {
      return database.getLongProperty("rocksdb.live-sst-files-size")
          + database.getLongProperty("rocksdb.cur-size-all-mem-tables");
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /** Whether somebody else holds it open. */
  synchronized boolean isHeld() {
    return holders > 1;
  }

  synchronized void hold() {
    holders++;
  }

  /** Closes the database and deletes it when nobody holds it any more. */
  void release() {
    synchronized (this) {
      if (--holders > 0) {
        return;
      }
    }
    database.close();
    owned.forEach(RocksObject::close);
    memory.release();
    try {
      WorkingDirectory.delete(directory);
    } catch (IOException e) {
      throw RocksDbErrors.of(operatorId, directory, e);
    }
  }
}
