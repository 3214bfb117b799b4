package io.fluxcore.adapters.in.format;

import java.util.List;

/**
 * A schema as the registry has it.
 *
 * @param id its number in the registry
 * @param type {@code AVRO}, {@code PROTOBUF} or {@code JSON}
 * @param text as the format writes schemas; a Protobuf schema is a serialized file descriptor in
 *     Base64
 * @param references the schemas that it refers to, each after those it refers to itself
 */
record RegisteredSchema(int id, String type, String text, List<Reference> references) {
  RegisteredSchema {
    references = List.copyOf(references);
  }

  /**
   * A schema that another one refers to.
   *
   * @param name by which it is referred to
   * @param text of the schema
   */
  record Reference(String name, String text) {}
}
