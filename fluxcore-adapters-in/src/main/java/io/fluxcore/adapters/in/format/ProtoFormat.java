package io.fluxcore.adapters.in.format;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages of Protobuf, one each. They are all of one type of a descriptor that is given, or each
 * of the type that it names in a schema of a registry. Fields that nobody wants are skipped without
 * an object.
 */
final class ProtoFormat implements RecordFormat {
  private static final String FIELDS = "FLX-FORMAT-0111";

  private final @Nullable Schema declared;
  private final FieldSettings settings;
  private final @Nullable SchemaRegistry registry;
  private final @Nullable String subject;
  private final @Nullable String messageType;
  private @Nullable Descriptor type;

  /**
   * A format; at least one of type and registry is given.
   *
   * @param declared the fields that the user declared; null: those of the type
   * @param type the type that the user goes by; null: the subject's
   * @param registry that knows the writers' schemas; null: messages are of the type
   * @param subject whose latest schema has the type; null: none
   * @param messageType full name of the type in the subject's schema; null: the first one
   */
  ProtoFormat(
      @Nullable Schema declared,
      FieldSettings settings,
      @Nullable Descriptor type,
      @Nullable SchemaRegistry registry,
      @Nullable String subject,
      @Nullable String messageType) {
    this.declared = declared;
    this.settings = settings;
    this.type = type;
    this.registry = registry;
    this.subject = subject;
    this.messageType = messageType;
  }

  /** The type that the user goes by; asks the registry where it must. */
  private synchronized @Nullable Descriptor type() {
    if (type == null && registry != null && subject != null) {
      try {
        type = find(ProtoSchemas.file(registry.latest(subject)));
      } catch (BadValue e) {
        throw FluxCoreException.user(
            e.code(),
            Place.of("subject"),
            "subject '" + subject + "': " + e.text(),
            "name a subject of Protobuf and a type of its schema, or another format");
      }
    }
    return type;
  }

  private Descriptor find(FileDescriptor file) {
    if (messageType == null) {
      return ProtoSchemas.at(file, List.of(0));
    }
    String prefix = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
    Descriptor found = null;
    if (messageType.startsWith(prefix)) {
      for (String name : messageType.substring(prefix.length()).split("\\.")) {
        found = found == null ? file.findMessageTypeByName(name) : found.findNestedTypeByName(name);
        if (found == null) {
          break;
        }
      }
    }
    if (found == null) {
      throw new BadValue(
          SchemaRegistry.BAD_SCHEMA,
          "it has no type '"
              + messageType
              + "'; its types are "
              + String.join(
                  ", ", file.getMessageTypes().stream().map(Descriptor::getFullName).toList()));
    }
    return found;
  }

  @Override
  public @Nullable Schema schema() {
    if (declared != null) {
      return declared;
    }
    Descriptor known = type();
    return known == null ? null : ProtoSchemas.fields(known);
  }

  @Override
  public boolean isBinary() {
    return true;
  }

  @Override
  public RecordFramer framer(byte @Nullable [] header) {
    return WholeMessage.INSTANCE;
  }

  @Override
  public RecordDecoder decoder(Schema wanted, boolean keepRaw, byte @Nullable [] header) {
    Descriptor known = type();
    checkFields(wanted, known);
    if (registry != null) {
      return new ProtoDecoder(
          wanted,
          () ->
              new ProtoDecoder.ById(
                  new SchemaIds<>(
                      registry,
                      schema ->
                          new ProtoDecoder.Types(ProtoSchemas.file(schema), wanted, settings))),
          keepRaw);
    }
    if (known == null) {
      throw new IllegalStateException("neither a type nor a registry");
    }
    return new ProtoDecoder(
        wanted, () -> new ProtoDecoder.Only(new ProtoPlan(known, wanted, settings)), keepRaw);
  }

  /** What is wrong with the fields is told before anything is read. */
  private void checkFields(Schema wanted, @Nullable Descriptor known) {
    if (known == null) {
      return;
    }
    List<String> has = ProtoSchemas.fields(known).fieldNames();
    List<Diagnostic> problems =
        wanted.fieldNames().stream()
            .filter(name -> !has.contains(name))
            .map(
                name ->
                    Diagnostic.error(
                        FIELDS,
                        Place.of("schema"),
                        "the message type " + known.getFullName() + " has no field '" + name + "'",
                        "its fields are " + String.join(", ", has)))
            .toList();
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
    try {
      new ProtoPlan(known, wanted, settings);
    } catch (BadValue e) {
      throw FluxCoreException.user(
          FIELDS,
          Place.of("schema"),
          "by the message type " + known.getFullName() + ", " + e.text(),
          "declare a type that goes with it");
    }
  }
}
