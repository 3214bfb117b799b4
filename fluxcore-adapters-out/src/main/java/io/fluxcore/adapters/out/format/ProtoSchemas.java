package io.fluxcore.adapters.out.format;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The Protobuf types that rows are written as. */
final class ProtoSchemas {
  static final String WRONG = "FLX-FORMAT-0202";

  private static final Map<String, FileDescriptor> WELL_KNOWN = new HashMap<>();

  static {
    for (FileDescriptor file :
        List.of(
            AnyProto.getDescriptor(),
            DurationProto.getDescriptor(),
            EmptyProto.getDescriptor(),
            StructProto.getDescriptor(),
            TimestampProto.getDescriptor(),
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
   */
  static Descriptor find(byte[] descriptorSet, @Nullable String messageType) {
    Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    try {
      for (FileDescriptorProto file : FileDescriptorSet.parseFrom(descriptorSet).getFileList()) {
        files.put(file.getName(), file);
      }
    } catch (InvalidProtocolBufferException e) {
      throw wrong(
          "descriptorFile",
          "it is no set of descriptors: " + e.getMessage(),
          "write it by protoc --include_imports --descriptor_set_out");
    }
    List<Descriptor> types = new ArrayList<>();
    Map<String, FileDescriptor> built = new HashMap<>(WELL_KNOWN);
    for (String name : files.keySet()) {
      if (!WELL_KNOWN.containsKey(name)) {
        add(build(name, files, built).getMessageTypes(), types);
      }
    }
    if (messageType == null && types.size() == 1) {
      return types.get(0);
    }
    TreeSet<String> names = new TreeSet<>();
    for (Descriptor type : types) {
      if (type.getFullName().equals(messageType)) {
        return type;
      }
      names.add(type.getFullName());
    }
    throw wrong(
        "messageType",
        messageType == null
            ? "the descriptor file has several types"
            : "the descriptor file has no type '" + messageType + "'",
        "name one of " + String.join(", ", names));
  }

  private static void add(List<Descriptor> some, List<Descriptor> all) {
    for (Descriptor type : some) {
      if (!type.getOptions().getMapEntry()) {
        all.add(type);
        add(type.getNestedTypes(), all);
      }
    }
  }

  private static FileDescriptor build(
      String name, Map<String, FileDescriptorProto> files, Map<String, FileDescriptor> built) {
    FileDescriptor known = built.get(name);
    if (known != null) {
      return known;
    }
    FileDescriptorProto file = files.get(name);
    if (file == null) {
      throw wrong(
          "descriptorFile",
          "the file " + name + ", which is imported, is missing in it",
          "write it by protoc --include_imports --descriptor_set_out");
    }
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
      throw wrong("descriptorFile", "a descriptor is wrong: " + e.getMessage(), "mend it");
    }
  }

  /**
   * The type of rows: an optional field each, numbered in their order. Decimals, dates and
   * timestamps without zone are texts, nested values JSON texts, instants a {@code Timestamp}.
   *
   * @param name full name of the type
   */
  static Descriptor of(Schema rows, String name) {
    List<Diagnostic> problems = new ArrayList<>();
    for (String part : name.split("\\.", -1)) {
      checkName("recordName", part, problems);
    }
    rows.fieldNames().forEach(field -> checkName("format", field, problems));
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
    int point = name.lastIndexOf('.');
    DescriptorProto.Builder message =
        DescriptorProto.newBuilder().setName(name.substring(point + 1));
    boolean instants = false;
    for (int i = 0; i < rows.size(); i++) {
      Field field = rows.field(i);
      FieldDescriptorProto.Builder one =
          FieldDescriptorProto.newBuilder()
              .setName(field.name())
              .setNumber(i + 1)
              .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
      if (field.type().kind() == DataType.Kind.TIMESTAMP_TZ) {
        instants = true;
        one.setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
            .setTypeName(".google.protobuf.Timestamp");
      } else {
        one.setType(type(field.type()))
            .setProto3Optional(true)
            .setOneofIndex(message.getOneofDeclCount());
        message.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + field.name()));
      }
      message.addField(one);
    }
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder()
            .setName(name.substring(point + 1) + ".proto")
            .setSyntax("proto3")
            .addMessageType(message);
    if (point > 0) {
      file.setPackage(name.substring(0, point));
    }
    if (instants) {
      file.addDependency(TimestampProto.getDescriptor().getName());
    }
    try {
      return FileDescriptor.buildFrom(
              file.build(),
              instants
                  ? new FileDescriptor[] {TimestampProto.getDescriptor()}
                  : new FileDescriptor[0])
          .getMessageTypes()
          .get(0);
    } catch (DescriptorValidationException e) {
      throw wrong(
          "format",
          "no Protobuf type can be made of the rows: " + e.getMessage(),
          "rename the fields before the sink");
    }
  }

  private static FieldDescriptorProto.Type type(DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> FieldDescriptorProto.Type.TYPE_BOOL;
      case LONG -> FieldDescriptorProto.Type.TYPE_INT64;
      case DOUBLE -> FieldDescriptorProto.Type.TYPE_DOUBLE;
      case BYTES -> FieldDescriptorProto.Type.TYPE_BYTES;
      default -> FieldDescriptorProto.Type.TYPE_STRING;
    };
  }

  private static void checkName(String place, String name, List<Diagnostic> problems) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      problems.add(
          Diagnostic.error(
              WRONG,
              Place.of(place),
              "'" + name + "' is no name in Protobuf",
              "use letters without marks, digits and '_' only; a projection renames fields"));
    }
  }

  static FluxCoreException wrong(String place, String message, String remedy) {
    return FluxCoreException.user(WRONG, Place.of(place), message, remedy);
  }
}
