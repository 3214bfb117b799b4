package io.fluxcore.adapters.in.jobfile.text;

import io.fluxcore.domain.error.Place;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON (RFC 8259). */
final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();

  private final LineIndex lines;
  private final TreeBuilder tree = new TreeBuilder();

  private JsonText(LineIndex lines) {
    this.lines = lines;
  }

  /** The tree of a text, or null if there is nothing in it. */
  static @Nullable TextNode parse(String text) {
    JsonText reader = new JsonText(new LineIndex(text));
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (depth == 0 && reader.tree.root() != null) {
          throw TextErrors.refused(
              reader.place(parser),
              "a second value starts here",
              "a job file is one object; write a file for each job");
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        reader.accept(parser, token);
      }
    } catch (StreamReadException e) {
      TokenStreamLocation at = e.getLocation();
      Place place = at == null ? Place.WHOLE : Place.at(at.getLineNr(), at.getColumnNr());
      throw TextErrors.syntax("JSON", place, e.getOriginalMessage());
    } catch (JacksonException e) {
      throw TextErrors.syntax("JSON", Place.WHOLE, e.getOriginalMessage());
    }
    return reader.tree.root();
  }

  private void accept(JsonParser parser, JsonToken token) {
    switch (token) {
      case START_OBJECT, START_ARRAY -> tree.start(place(parser), token == JsonToken.START_OBJECT);
      case END_OBJECT, END_ARRAY -> tree.end();
      case PROPERTY_NAME -> tree.key(place(parser), parser.currentName());
      default -> scalar(parser, token);
    }
  }

  private void scalar(JsonParser parser, JsonToken token) {
    String text = parser.getString();
    int from = (int) parser.currentTokenLocation().getCharOffset();
    int to = (int) parser.currentLocation().getCharOffset();
    boolean quoted = token == JsonToken.VALUE_STRING;
    ScalarOrigin origin =
        new ScalarOrigin(
            lines, from, to, quoted ? ScalarOrigin.Style.DOUBLE_QUOTED : ScalarOrigin.Style.PLAIN);
    tree.add(new TextNode.Scalar(quoted ? text : PlainValue.of(text), text, origin));
  }

  private Place place(JsonParser parser) {
    return lines.placeOf((int) parser.currentTokenLocation().getCharOffset());
  }
}
