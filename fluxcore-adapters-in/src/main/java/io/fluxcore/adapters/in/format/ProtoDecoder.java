package io.fluxcore.adapters.in.format;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decodes messages of Protobuf straight into columns. Not thread-safe. */
final class ProtoDecoder implements RecordDecoder {
  private final RowAssembler rows;
  private final Plans plans;

  /** Of its own for kept records, which are read on other threads. */
  private final Plans plansOfKept;

  private final ProtoInput in = new ProtoInput();

  ProtoDecoder(Schema wanted, Supplier<Plans> plans, boolean keepRaw) {
    this.plans = plans.get();
    this.plansOfKept = keepRaw ? plans.get() : this.plans;
    this.rows = new RowAssembler(wanted, keepRaw ? this::members : null);
  }

  /** Finds the plan of a message. */
  interface Plans {
    /** Goes to the beginning of a message; the plan that it is read by. */
    ProtoPlan position(ProtoInput in, byte[] bytes, int from, int to);
  }

  /** Messages of one type. */
  record Only(ProtoPlan plan) implements Plans {
    @Override
    public ProtoPlan position(ProtoInput in, byte[] bytes, int from, int to) {
      in.reset(bytes, from, to);
      return plan;
    }
  }

  /**
   * Messages that say of what type they are: behind the number of the schema, the type's place in
   * it, as a count and indexes from the outermost type inwards; a zero stands for the first type.
   */
  record ById(SchemaIds<Types> schemas) implements Plans {
    private static final int MAX_NESTING = 100;

    @Override
    public ProtoPlan position(ProtoInput in, byte[] bytes, int from, int to) {
      Types types = schemas.of(bytes, from, to);
      in.reset(bytes, from + SchemaIds.PREFIX, to);
      long count = index(in);
      if (count == 0) {
        return types.first();
      }
      if (count < 0 || count > MAX_NESTING) {
        throw new BadValue(BadValue.SYNTAX, "the message names its type by " + count + " indexes");
      }
      List<Integer> indexes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        indexes.add((int) index(in));
      }
      return types.at(indexes);
    }

    private static long index(ProtoInput in) {
      long raw = in.readVarint();
      return (raw >>> 1) ^ -(raw & 1);
    }
  }

  /** The plans for the types of one schema. Not thread-safe. */
  static final class Types {
    private final FileDescriptor file;
    private final Schema wanted;
    private final FieldSettings settings;
    private final Map<List<Integer>, ProtoPlan> plans = new HashMap<>();
    private @Nullable ProtoPlan first;

    Types(FileDescriptor file, Schema wanted, FieldSettings settings) {
      this.file = file;
      this.wanted = wanted;
      this.settings = settings;
    }

    ProtoPlan first() {
      ProtoPlan plan = first;
      if (plan == null) {
        plan = at(List.of(0));
        first = plan;
      }
      return plan;
    }

    ProtoPlan at(List<Integer> indexes) {
      ProtoPlan plan = plans.get(indexes);
      if (plan == null) {
        plan = new ProtoPlan(ProtoSchemas.at(file, indexes), wanted, settings);
        plans.put(indexes, plan);
      }
      return plan;
    }
  }

  @Override
  public void decode(RecordSlices records, BadRecords bad) {
    for (int r = 0; r < records.count(); r++) {
      try {
        plans.position(in, records.bytes(), records.start(r), records.end(r)).read(in, rows);
        rows.endRow(records, r);
      } catch (BadValue e) {
        rows.abandonRow();
        bad.bad(r, e.code(), e.text());
      }
    }
  }

  private synchronized Map<String, @Nullable Object> members(byte[] record) {
    ProtoInput input = new ProtoInput();
    try {
      return plansOfKept.position(input, record, 0, record.length).members(input);
    } catch (BadValue e) {
      throw new RecordException(e.code(), "the record is not Protobuf: " + e.text(), e);
    }
  }

  @Override
  public int rows() {
    return rows.rows();
  }

  @Override
  public EventBatch build() {
    return rows.build();
  }
}
