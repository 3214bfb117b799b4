package io.fluxcore.benchmarks;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.fluxcore.adapters.in.format.FormatOptions;
import io.fluxcore.adapters.in.format.RecordDecoder;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.adapters.in.format.RecordSlices;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import tools.jackson.databind.json.JsonMapper;

/**
 * Time of decoding one event, of about 200 bytes of JSON and eight fields, into the columns of a
 * batch, all of them or the two that a job uses; and of decoding it with the library of its format
 * alone, into a tree, a {@code GenericRecord} or a {@code DynamicMessage}. With {@code -prof gc}
 * the bytes that are allocated for it too.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls prepare before anything else
public class DecoderBenchmark {
  private static final int EVENTS = EventBatch.TARGET_ROWS;

  private static final Schema ALL =
      Schema.builder()
          .field("id", DataType.LONG)
          .field("user", DataType.STRING)
          .field("page", DataType.STRING)
          .field("agent", DataType.STRING)
          .field("status", DataType.LONG)
          .field("seconds", DataType.DOUBLE)
          .field("cached", DataType.BOOLEAN)
          .field("at", DataType.LONG)
          .build();

  private static final Schema TWO =
      Schema.builder().field("page", DataType.STRING).field("status", DataType.LONG).build();

  /** How events are written. */
  @Param({"json", "avro", "protobuf"})
  public String format = "json";

  private final RecordSlices slices = new RecordSlices();
  private byte[] bytes = new byte[0];
  private RecordDecoder all;
  private RecordDecoder two;
  private JsonMapper json;
  private GenericDatumReader<GenericRecord> avro;
  private BinaryDecoder avroInput;
  private Descriptor protobuf;

  @Setup
  public void prepare() throws IOException, DescriptorValidationException {
    org.apache.avro.Schema avroSchema = avroSchema();
    FileDescriptorProto file = protoFile();
    protobuf = FileDescriptor.buildFrom(file, new FileDescriptor[0]).getMessageTypes().get(0);
    json = JsonMapper.builder().build();
    avro = new GenericDatumReader<>(avroSchema);
    SplittableRandom random = new SplittableRandom(42);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int[] starts = new int[EVENTS + 1];
    for (int i = 0; i < EVENTS; i++) {
      Map<String, Object> event = event(i, random);
      out.writeBytes(
          switch (format) {
            case "avro" -> avroBytes(avroSchema, event);
            case "protobuf" -> protoBytes(event);
            default -> json.writeValueAsBytes(event);
          });
      starts[i + 1] = out.size() + 1;
      out.write('\n');
    }
    bytes = out.toByteArray();
    slices.reset(bytes);
    for (int i = 0; i < EVENTS; i++) {
      slices.add(starts[i], starts[i + 1] - 1, i);
    }
    RecordFormat made = format(avroSchema, file);
    all = made.decoder(ALL, false, null);
    two = made.decoder(TWO, false, null);
  }

  private RecordFormat format(org.apache.avro.Schema avroSchema, FileDescriptorProto file)
      throws IOException {
    Map<String, Object> options = new HashMap<>();
    options.put("format", format);
    Path schema = Files.createTempFile("decoder-benchmark", ".schema");
    if (format.equals("avro")) {
      Files.writeString(schema, avroSchema.toString());
      options.put("schemaFile", schema.toString());
    } else if (format.equals("protobuf")) {
      Files.write(schema, FileDescriptorSet.newBuilder().addFile(file).build().toByteArray());
      options.put("descriptorFile", schema.toString());
    }
    ConnectorDescriptor descriptor =
        new ConnectorDescriptor(
            "benchmark",
            "Messages in memory.",
            FormatOptions.ofMessages(),
            Set.of(),
            DeliveryGuarantee.AT_MOST_ONCE);
    RecordFormat made =
        new FormatOptions(
                OptionParser.parse(descriptor, options).orThrow(),
                new ConnectorServices(
                    pattern -> {
                      throw new IllegalStateException("no pattern is asked for");
                    }),
                new OptionProblems("benchmark"))
            .message();
    Files.delete(schema);
    return made;
  }

  private static Map<String, Object> event(int number, SplittableRandom random) {
    Map<String, Object> event = new java.util.LinkedHashMap<>();
    event.put("id", 1_000_000_000L + number);
    event.put("user", "user-" + random.nextInt(100_000));
    event.put("page", "/catalogue/items/" + random.nextInt(1000) + "/details");
    event.put("agent", "Mozilla/5.0 (X11; Linux x86_64) Version/" + random.nextInt(20));
    event.put("status", (long) (random.nextInt(10) == 0 ? 404 : 200));
    event.put("seconds", random.nextInt(10_000) / 1000.0);
    event.put("cached", random.nextBoolean());
    event.put("at", 1_770_000_000_000L + number);
    return event;
  }

  private static org.apache.avro.Schema avroSchema() {
    return org.apache.avro.SchemaBuilder.record("Event")
        .fields()
        .requiredLong("id")
        .requiredString("user")
        .requiredString("page")
        .requiredString("agent")
        .requiredLong("status")
        .requiredDouble("seconds")
        .requiredBoolean("cached")
        .requiredLong("at")
        .endRecord();
  }

  private static byte[] avroBytes(org.apache.avro.Schema schema, Map<String, Object> event)
      throws IOException {
    GenericRecord record = new GenericData.Record(schema);
    event.forEach(record::put);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static FileDescriptorProto protoFile() {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName("Event");
    for (int i = 0; i < ALL.size(); i++) {
      message.addField(
          FieldDescriptorProto.newBuilder()
              .setName(ALL.field(i).name())
              .setNumber(i + 1)
              .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
              .setType(
                  switch (ALL.type(i).kind()) {
                    case STRING -> FieldDescriptorProto.Type.TYPE_STRING;
                    case DOUBLE -> FieldDescriptorProto.Type.TYPE_DOUBLE;
                    case BOOLEAN -> FieldDescriptorProto.Type.TYPE_BOOL;
                    default -> FieldDescriptorProto.Type.TYPE_INT64;
                  }));
    }
    return FileDescriptorProto.newBuilder()
        .setName("event.proto")
        .setSyntax("proto3")
        .addMessageType(message)
        .build();
  }

  private byte[] protoBytes(Map<String, Object> event) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(protobuf);
    event.forEach((name, value) -> message.setField(protobuf.findFieldByName(name), value));
    return message.build().toByteArray();
  }

  private static EventBatch decode(RecordDecoder decoder, RecordSlices slices) {
    decoder.decode(
        slices,
        (record, code, message) -> {
          throw new IllegalStateException(message);
        });
    return decoder.build();
  }

  /** Into columns, all fields. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public EventBatch columns() {
    return decode(all, slices);
  }

  /** Into columns, the two fields that a job uses. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public EventBatch twoColumns() {
    return decode(two, slices);
  }

  /** With the library of the format, an object an event. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void library(Blackhole sink) throws IOException {
    for (int i = 0; i < EVENTS; i++) {
      int start = slices.start(i);
      int length = slices.end(i) - start;
      switch (format) {
        case "avro" -> {
          avroInput = DecoderFactory.get().binaryDecoder(bytes, start, length, avroInput);
          sink.consume(avro.read(null, avroInput));
        }
        case "protobuf" -> {
          DynamicMessage.Builder message = DynamicMessage.newBuilder(protobuf);
          sink.consume(message.mergeFrom(bytes, start, length).build());
        }
        default -> sink.consume(json.readValue(bytes, start, length, Map.class));
      }
    }
  }
}
