package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateSchema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a stored snapshot consists of, and where each piece of it lies. Its bytes are defined in
 * {@code docs/snapshot-format.md}.
 *
 * @param jobId of the job that made it
 * @param savepoint id of the savepoint; empty if it is none
 * @param completed when the manifest was written
 * @param maxParallelism number of key groups, for the life of the job
 * @param parts files of its own
 * @param shared files that other snapshots of the job may refer to as well
 */
public record SnapshotManifest(
    String jobId,
    String jobName,
    String jobVersion,
    long checkpointId,
    String savepoint,
    String label,
    Instant completed,
    SnapshotFormat format,
    int maxParallelism,
    List<Part> parts,
    List<SharedFile> shared,
    List<OperatorPart> operators) {
  public SnapshotManifest {
    parts = List.copyOf(parts);
    shared = List.copyOf(shared);
    operators = List.copyOf(operators);
  }

  /** A file of its own, with its size. */
  public record Part(String name, long size) {}

  /**
   * A file that several snapshots may refer to.
   *
   * @param checksum CRC-32C of its bytes
   */
  public record SharedFile(String name, long size, int checksum) {}

  /**
   * A payload in a part.
   *
   * @param part number of the part in the list
   * @param offset of its first chunk
   * @param length of the payload, without what its chunks add
   * @param checksum CRC-32C of the payload
   */
  public record Piece(int part, long offset, long length, int checksum) {
    /** Bytes in the part: each chunk adds its length and its checksum. */
    public long stored() {
      long chunks = (length + Chunks.BYTES - 1) / Chunks.BYTES;
      return length + chunks * Chunks.OVERHEAD;
    }
  }

  /** What there is of an operator. */
  public record OperatorPart(
      String operatorId, List<State> states, List<Native> natives, List<Entry> entries) {
    public OperatorPart {
      states = List.copyOf(states);
      natives = List.copyOf(natives);
      entries = List.copyOf(entries);
    }
  }

  /**
   * Keyed state in the canonical format.
   *
   * @param schema of its entries; null for small payloads in the operator's own words
   */
  public record State(String name, @Nullable StateSchema schema, List<Group> groups) {
    public State {
      groups = List.copyOf(groups);
    }
  }

  /**
   * A key group of a state.
   *
   * @param entries number of keys by namespace; 0 where there is no schema
   */
  public record Group(int keyGroup, Piece piece, long entries) {}

  /** Keyed state of a subtask in the format of a backend. */
  @SuppressWarnings("ArrayRecordComponent") // bytes of a snapshot, never compared
  public record Native(
      String backend, int firstKeyGroup, int lastKeyGroup, byte[] metadata, List<File> files) {
    public Native {
      files = List.copyOf(files);
    }
  }

  /**
   * A file of a native state: a shared one, or a piece of a part.
   *
   * @param shared number of the shared file, or -1
   */
  public record File(String name, int shared, @Nullable Piece piece) {}

  /** Operator-wide entries of one name. */
  public record Entry(String name, List<Piece> pieces) {
    public Entry {
      pieces = List.copyOf(pieces);
    }
  }

  /** Bytes of everything that a restore reads. */
  public long bytes() {
    return parts.stream().mapToLong(Part::size).sum()
        + shared.stream().mapToLong(SharedFile::size).sum();
  }
}
