package io.fluxcore.adapters.in.format;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What Protobuf's descriptors are here: files of them, and the fields that they give. */
final class ProtoSchemas {
  private static final Map<String, FileDescriptor> WELL_KNOWN = new HashMap<>();

  static {
    for (FileDescriptor file :
        List.of(
            AnyProto.getDescriptor(),
            ApiProto.getDescriptor(),
            DurationProto.getDescriptor(),
            EmptyProto.getDescriptor(),
            FieldMaskProto.getDescriptor(),
            SourceContextProto.getDescriptor(),
            StructProto.getDescriptor(),
            TimestampProto.getDescriptor(),
            TypeProto.getDescriptor(),
            WrappersProto.getDescriptor(),
            DescriptorProto.getDescriptor().getFile())) {
      WELL_KNOWN.put(file.getName(), file);
    }
  }

  private ProtoSchemas() {}

  /**
   * A type of a set of files, as {@code protoc --descriptor_set_out} writes it.
   *
   * @param messageType its full name; null where there is only one
   * @throws BadValue if the bytes are no such set, or have no such type
   */
  static Descriptor find(byte[] descriptorSet, @Nullable String messageType) {
    List<Descriptor> types = new ArrayList<>();
    try {
      Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
      for (FileDescriptorProto file : FileDescriptorSet.parseFrom(descriptorSet).getFileList()) {
        files.put(file.getName(), file);
      }
      Map<String, FileDescriptor> built = new HashMap<>();
      for (String name : files.keySet()) {
        if (!WELL_KNOWN.containsKey(name)) {
          add(build(name, files, built).getMessageTypes(), types);
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new BadValue(
          SchemaRegistry.BAD_SCHEMA,
          "it is no set of descriptors as protoc --descriptor_set_out writes: " + e.getMessage());
    }
    TreeSet<String> names = new TreeSet<>();
    types.forEach(type -> names.add(type.getFullName()));
    if (messageType == null && types.size() == 1) {
      return types.get(0);
    }
    for (Descriptor type : types) {
      if (type.getFullName().equals(messageType)) {
        return type;
      }
    }
    throw new BadValue(
        SchemaRegistry.BAD_SCHEMA,
        (messageType == null ? "it has several types" : "it has no type '" + messageType + "'")
            + "; its types are "
            + String.join(", ", names));
  }

  private static void add(List<Descriptor> some, List<Descriptor> all) {
    for (Descriptor type : some) {
      if (!type.getOptions().getMapEntry()) {
        all.add(type);
        add(type.getNestedTypes(), all);
      }
    }
  }

  /**
   * The file of a registry's schema.
   *
   * @throws BadValue if it is none of Protobuf
   */
  static FileDescriptor file(RegisteredSchema registered) {
    if (!registered.type().equals("PROTOBUF")) {
      throw new BadValue(
          SchemaRegistry.BAD_SCHEMA, "the schema is of " + registered.type() + ", not of Protobuf");
    }
    Map<String, FileDescriptorProto> files = new HashMap<>();
    registered
        .references()
        .forEach(reference -> files.put(reference.name(), parse(reference.text())));
    files.put("", parse(registered.text()));
    return build("", files, new HashMap<>());
  }

  private static FileDescriptorProto parse(String base64) {
    try {
      return FileDescriptorProto.parseFrom(Base64.getDecoder().decode(base64));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new BadValue(
          SchemaRegistry.BAD_SCHEMA,
          "the registry does not give it as a serialized descriptor in Base64: "
              + BadValue.shorten(base64));
    }
  }

  private static FileDescriptor build(
      String name, Map<String, FileDescriptorProto> files, Map<String, FileDescriptor> built) {
    FileDescriptor known = WELL_KNOWN.getOrDefault(name, built.get(name));
    if (known != null) {
      return known;
    }
    FileDescriptorProto file = files.get(name);
    if (file == null) {
      throw new BadValue(
          SchemaRegistry.BAD_SCHEMA,
          "the file " + name + " that is imported is missing (protoc --include_imports adds it)");
    }
    // A cycle of imports ends here as a missing file.
    Map<String, FileDescriptorProto> others = new HashMap<>(files);
    others.remove(name);
    FileDescriptor[] imports =
        file.getDependencyList().stream()
            .map(one -> build(one, others, built))
            .toArray(FileDescriptor[]::new);
    try {
      FileDescriptor result = FileDescriptor.buildFrom(file, imports);
      built.put(name, result);
      return result;
    } catch (DescriptorValidationException e) {
      throw new BadValue(SchemaRegistry.BAD_SCHEMA, "the descriptor is wrong: " + e.getMessage());
    }
  }

  /**
   * The type that a message names by its place in the file.
   *
   * @throws BadValue if there is none
   */
  static Descriptor at(FileDescriptor file, List<Integer> indexes) {
    List<Descriptor> types = file.getMessageTypes();
    Descriptor found = null;
    for (int index : indexes) {
      if (index < 0 || index >= types.size()) {
        throw new BadValue(BadValue.SYNTAX, "the schema has no message type " + indexes);
      }
      found = types.get(index);
      types = found.getNestedTypes();
    }
    if (found == null) {
      throw new BadValue(BadValue.SYNTAX, "the message names no type of its schema");
    }
    return found;
  }

  /** The fields of messages of a type. */
  static Schema fields(Descriptor descriptor) {
    Schema.Builder schema = Schema.builder();
    ProtoMessage.of(descriptor).fields().forEach(field -> schema.field(field.name(), type(field)));
    return schema.build();
  }

  static DataType type(ProtoType field) {
    if (field.isRepeated()) {
      return DataType.NESTED;
    }
    return switch (field.type()) {
      case BOOL -> DataType.BOOLEAN;
      case DOUBLE, FLOAT -> DataType.DOUBLE;
      case STRING, ENUM -> DataType.STRING;
      case BYTES -> DataType.BYTES;
      case MESSAGE, GROUP -> field.message().type();
      default -> DataType.LONG;
    };
  }
}
