package io.fluxcore.application.checkpoint;

import io.fluxcore.application.checkpoint.SnapshotManifest.Entry;
import io.fluxcore.application.checkpoint.SnapshotManifest.File;
import io.fluxcore.application.checkpoint.SnapshotManifest.Group;
import io.fluxcore.application.checkpoint.SnapshotManifest.Native;
import io.fluxcore.application.checkpoint.SnapshotManifest.OperatorPart;
import io.fluxcore.application.checkpoint.SnapshotManifest.Part;
import io.fluxcore.application.checkpoint.SnapshotManifest.Piece;
import io.fluxcore.application.checkpoint.SnapshotManifest.SharedFile;
import io.fluxcore.application.checkpoint.SnapshotManifest.State;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.FrozenState;
import io.fluxcore.domain.state.NativeFile;
import io.fluxcore.domain.state.NativeSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.Payload;
import io.fluxcore.domain.state.PayloadWriter;
import io.fluxcore.domain.state.SnapshotTarget;
import io.fluxcore.domain.state.StateSchema;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes one snapshot of a job to a store: a part for each subtask, by whichever thread, and then
 * the manifest. Parts may be written by several threads at a time. Nothing is touched before the
 * first part is written.
 */
public final class SnapshotWriter implements AutoCloseable {
  private static final byte[] PART_HEAD =
      ByteBuffer.allocate(12)
          .put("FLUXPART".getBytes(StandardCharsets.US_ASCII))
          .putInt(ManifestCodec.VERSION)
          .array();
  private static final int BUFFER = 64 << 10;

  private final CheckpointStore store;
  private final CheckpointLocation location;
  private final SnapshotRequest request;
  private final long checkpointId;
  private final Map<String, SharedFile> known;
  private final AtomicInteger partNumbers = new AtomicInteger();
  private final AtomicLong newBytes = new AtomicLong();
  private final List<Written> parts = new ArrayList<>();
  private final Map<String, CompletableFuture<SharedFile>> shared = new ConcurrentHashMap<>();
  private @Nullable CheckpointWriter writer;
  private boolean closed;

  /** A part, and what lies in it. */
  private record Written(Part part, List<PartOperator> operators) {}

  /** What of an operator is in a part; numbers of parts and shared files are not known yet. */
  private record PartOperator(
      String id,
      Map<String, List<Group>> groups,
      Map<String, StateSchema> schemas,
      List<PartNative> natives,
      Map<String, List<Piece>> entries) {
    PartOperator(String id) {
      this(
          id,
          new LinkedHashMap<>(),
          new LinkedHashMap<>(),
          new ArrayList<>(),
          new LinkedHashMap<>());
    }
  }

  /** A native state with the pieces of its files, null for shared ones. */
  private record PartNative(NativeSnapshot state, List<@Nullable Piece> pieces) {}

  SnapshotWriter(
      CheckpointStore store,
      CheckpointLocation location,
      SnapshotRequest request,
      long checkpointId,
      Map<String, SharedFile> known) {
    this.store = store;
    this.location = location;
    this.request = request;
    this.checkpointId = checkpointId;
    this.known = known;
  }

  public SnapshotRequest request() {
    return request;
  }

  public long checkpointId() {
    return checkpointId;
  }

  CheckpointLocation location() {
    return location;
  }

  /** Bytes that were written and not there before. */
  long newBytes() {
    return newBytes.get();
  }

  private synchronized CheckpointWriter writer() throws IOException {
    if (closed) {
      throw new IOException("given up");
    }
    if (writer == null) {
      writer = store.begin(location);
    }
    return writer;
  }

  /** Writes what a subtask gave as one part, and closes it, also when that fails. */
  public void write(List<FrozenOperator> operators) throws IOException {
    try {
      String name = String.format(Locale.ROOT, "%05d", partNumbers.getAndIncrement());
      PartTarget target = new PartTarget(name + ".part");
      try (target) {
        for (FrozenOperator operator : operators) {
          target.write(operator);
        }
      }
      target.done();
    } finally {
      operators.forEach(FrozenOperator::close);
    }
  }

  /** Writes the part of one subtask. Used by one thread. */
  private final class PartTarget implements SnapshotTarget, AutoCloseable {
    private final String name;
    private final Counting out;
    private final Map<String, PartOperator> operators = new LinkedHashMap<>();
    private PartOperator current = new PartOperator("");
    private boolean ended;

    PartTarget(String name) throws IOException {
      this.name = name;
      this.out = new Counting(new BufferedOutputStream(writer().part(name), BUFFER));
      try {
        out.write(PART_HEAD);
      } catch (IOException e) {
        close();
        throw e;
      }
    }

    void write(FrozenOperator operator) throws IOException {
      OperatorSnapshot own = operator.entries();
      current = operators.computeIfAbsent(own.operatorId(), PartOperator::new);
      for (var state : own.keyed().entrySet()) {
        for (var group : state.getValue().entrySet()) {
          Piece piece = piece(stream -> copy(group.getValue(), stream));
          add(state.getKey(), new Group(group.getKey(), piece, 0));
        }
      }
      for (Map.Entry<String, List<byte[]>> entry : own.entries().entrySet()) {
        for (byte[] payload : entry.getValue()) {
          current
              .entries()
              .computeIfAbsent(entry.getKey(), n -> new ArrayList<>())
              .add(piece(stream -> stream.write(payload)));
        }
      }
      FrozenState state = operator.state();
      state.write(this);
    }

    private void add(String state, Group group) {
      current.groups().computeIfAbsent(state, s -> new ArrayList<>()).add(group);
    }

    @Override
    public void keyed(String state, int keyGroup, PayloadWriter payload) throws IOException {
      Ends ends = new Ends();
      Piece piece =
          piece(
              stream -> {
                ends.target = stream;
                payload.write(ends);
              });
      current.schemas().putIfAbsent(state, ends.schema());
      add(state, new Group(keyGroup, piece, ends.entries()));
    }

    @Override
    public void nativeState(NativeSnapshot state) throws IOException {
      List<@Nullable Piece> pieces = new ArrayList<>();
      for (NativeFile file : state.files()) {
        if (file.shared()) {
          share(file);
          pieces.add(null);
        } else {
          pieces.add(piece(stream -> copy(file.content(), stream)));
        }
      }
      current.natives().add(new PartNative(state, pieces));
    }

    private Piece piece(PayloadWriter payload) throws IOException {
      long offset = out.count;
      Chunks.Out chunks = new Chunks.Out(out);
      payload.write(chunks);
      chunks.end();
      // Which part it is in is known when all of them are.
      return new Piece(0, offset, chunks.length(), chunks.checksum());
    }

    void done() {
      newBytes.addAndGet(out.count);
      synchronized (SnapshotWriter.this) {
        parts.add(new Written(new Part(name, out.count), List.copyOf(operators.values())));
      }
    }

    @Override
    public void close() throws IOException {
      if (!ended) {
        ended = true;
        out.close();
      }
    }
  }

  private static void copy(Payload payload, OutputStream target) throws IOException {
    try (InputStream in = payload.open()) {
      in.transferTo(target);
    }
  }

  private void share(NativeFile file) throws IOException {
    CompletableFuture<SharedFile> mine = new CompletableFuture<>();
    CompletableFuture<SharedFile> other = shared.putIfAbsent(file.name(), mine);
    if (other != null) {
      await(other);
      return;
    }
    try {
      SharedFile before = known.get(file.name());
      if (before == null || !reuse(before)) {
        int checksum = checksum(file.content());
        writer().share(file.name(), file.content());
        newBytes.addAndGet(file.content().size());
        before = new SharedFile(file.name(), file.content().size(), checksum);
      }
      mine.complete(before);
    } catch (IOException | RuntimeException e) {
      mine.completeExceptionally(e);
      throw e;
    }
  }

  private boolean reuse(SharedFile file) throws IOException {
    try {
      writer().reuse(file.name());
      return true;
    } catch (java.io.FileNotFoundException e) {
      return false; // somebody has deleted it; the backend has it still
    }
  }

  private static void await(CompletableFuture<SharedFile> other) throws IOException {
    try {
      other.join();
    } catch (CompletionException e) {
      throw new IOException("a shared file could not be written: " + e.getCause(), e);
    }
  }

  static int checksum(Payload payload) throws IOException {
    CRC32C crc = new CRC32C();
    try (InputStream in = payload.open()) {
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        crc.update(buffer, 0, read);
      }
    }
    return (int) crc.getValue();
  }

  /** Writes the manifest: the snapshot is in the store then. After all parts were written. */
  SnapshotManifest complete(JobConfig config, Instant now) throws IOException {
    CheckpointWriter target = writer();
    SnapshotManifest manifest;
    synchronized (this) {
      parts.sort(Comparator.comparing(written -> written.part().name()));
      manifest =
          new SnapshotManifest(
              location.job().value(),
              config.name(),
              config.version(),
              checkpointId,
              request.savepoint() == null ? "" : request.savepoint().value(),
              request.label(),
              now,
              request.format(),
              config.maxParallelism(),
              parts.stream().map(Written::part).toList(),
              sharedFiles(),
              operators());
    }
    byte[] bytes = ManifestCodec.write(manifest);
    newBytes.addAndGet(bytes.length);
    target.complete(bytes);
    return manifest;
  }

  private List<SharedFile> sharedFiles() {
    return new TreeMap<>(shared).values().stream().map(CompletableFuture::join).toList();
  }

  private List<OperatorPart> operators() throws IOException {
    Map<String, Integer> sharedNumbers = new LinkedHashMap<>();
    for (SharedFile file : sharedFiles()) {
      sharedNumbers.put(file.name(), sharedNumbers.size());
    }
    Map<String, Merged> merged = new TreeMap<>();
    for (int part = 0; part < parts.size(); part++) {
      for (PartOperator operator : parts.get(part).operators()) {
        merged.computeIfAbsent(operator.id(), Merged::new).add(part, operator, sharedNumbers);
      }
    }
    List<OperatorPart> result = new ArrayList<>();
    for (Merged one : merged.values()) {
      result.add(one.toPart());
    }
    return result;
  }

  /** An operator over all parts. */
  private static final class Merged {
    private final String id;
    private final Map<String, TreeMap<Integer, Group>> groups = new TreeMap<>();
    private final Map<String, StateSchema> schemas = new LinkedHashMap<>();
    private final List<Native> natives = new ArrayList<>();
    private final Map<String, List<Piece>> entries = new TreeMap<>();

    Merged(String id) {
      this.id = id;
    }

    void add(int part, PartOperator operator, Map<String, Integer> sharedNumbers)
        throws IOException {
      schemas.putAll(operator.schemas());
      for (Map.Entry<String, List<Group>> state : operator.groups().entrySet()) {
        TreeMap<Integer, Group> all = groups.computeIfAbsent(state.getKey(), s -> new TreeMap<>());
        for (Group group : state.getValue()) {
          Group placed = new Group(group.keyGroup(), in(part, group.piece()), group.entries());
          if (all.put(group.keyGroup(), placed) != null) {
            throw new IOException(
                "operator '"
                    + id
                    + "', state '"
                    + state.getKey()
                    + "': key group "
                    + group.keyGroup()
                    + " was written by two subtasks");
          }
        }
      }
      for (PartNative own : operator.natives()) {
        List<File> files = new ArrayList<>();
        for (int i = 0; i < own.pieces().size(); i++) {
          String name = own.state().files().get(i).name();
          Piece piece = own.pieces().get(i);
          files.add(
              piece == null
                  ? new File(name, sharedNumbers.getOrDefault(name, -1), null)
                  : new File(name, -1, in(part, piece)));
        }
        natives.add(
            new Native(
                own.state().backend(),
                own.state().keyGroups().first(),
                own.state().keyGroups().last(),
                own.state().metadata(),
                files));
      }
      operator
          .entries()
          .forEach(
              (name, pieces) ->
                  pieces.forEach(
                      piece ->
                          entries
                              .computeIfAbsent(name, n -> new ArrayList<>())
                              .add(in(part, piece))));
    }

    private static Piece in(int part, Piece piece) {
      return new Piece(part, piece.offset(), piece.length(), piece.checksum());
    }

    OperatorPart toPart() {
      List<State> states = new ArrayList<>();
      groups.forEach(
          (name, all) -> states.add(new State(name, schemas.get(name), List.copyOf(all.values()))));
      List<Entry> named = new ArrayList<>();
      entries.forEach((name, pieces) -> named.add(new Entry(name, pieces)));
      return new OperatorPart(id, states, natives, named);
    }
  }

  /** Ends the writing; what was not completed is removed. After all parts were written. */
  @Override
  public synchronized void close() {
    closed = true;
    if (writer != null) {
      writer.close();
    }
  }

  /** Counts what passes. */
  private static final class Counting extends OutputStream {
    private final OutputStream target;
    private long count;

    Counting(OutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int b) throws IOException {
      target.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int off, int len) throws IOException {
      target.write(bytes, off, len);
      count += len;
    }

    @Override
    public void close() throws IOException {
      target.close();
    }
  }

  /** Passes a canonical payload on, and keeps its head and its end, which say what it holds. */
  private static final class Ends extends OutputStream {
    private static final int HEAD = 16 << 10;
    private static final int TRAILER = Long.BYTES + Integer.BYTES;

    private final byte[] head = new byte[HEAD];
    private final byte[] tail = new byte[TRAILER];
    private long length;
    private OutputStream target = OutputStream.nullOutputStream();

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int off, int len) throws IOException {
      target.write(bytes, off, len);
      if (length < HEAD) {
        System.arraycopy(bytes, off, head, (int) length, (int) Math.min(len, HEAD - length));
      }
      if (len >= TRAILER) {
        System.arraycopy(bytes, off + len - TRAILER, tail, 0, TRAILER);
      } else {
        System.arraycopy(tail, len, tail, 0, TRAILER - len);
        System.arraycopy(bytes, off, tail, TRAILER - len, len);
      }
      length += len;
    }

    StateSchema schema() throws IOException {
      byte[] known = Arrays.copyOf(head, (int) Math.min(length, HEAD));
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(known))) {
        in.readByte(); // version of the payload
        return StateSchema.read(in);
      }
    }

    long entries() {
      return ByteBuffer.wrap(tail).getLong();
    }
  }
}
