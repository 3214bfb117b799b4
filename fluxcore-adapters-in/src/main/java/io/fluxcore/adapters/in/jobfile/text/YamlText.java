package io.fluxcore.adapters.in.jobfile.text;

import io.fluxcore.domain.error.Place;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2. Anchors, aliases and tags are refused: a job file says what it means where it
 * says it, and an alias bomb is no file at all.
 */
final class YamlText {
  private final LineIndex lines;
  private final TreeBuilder tree = new TreeBuilder();
  private int documents;

  private YamlText(LineIndex lines) {
    this.lines = lines;
  }

  /** The tree of a text, or null if there is nothing in it. */
  static @Nullable TextNode parse(String text, String name) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(name).setCodePointLimit(Integer.MAX_VALUE).build();
    YamlText reader = new YamlText(new LineIndex(text));
    try {
      Iterator<Event> events = new Parse(settings).parseString(text).iterator();
      while (events.hasNext()) {
        reader.accept(events.next());
      }
    } catch (MarkedYamlEngineException e) {
      throw TextErrors.syntax("YAML", reader.place(e.getProblemMark()), problem(e));
    } catch (YamlEngineException e) {
      throw TextErrors.syntax("YAML", Place.WHOLE, String.valueOf(e.getMessage()));
    }
    return reader.tree.root();
  }

  private static String problem(MarkedYamlEngineException e) {
    String context = e.getContext();
    String problem = e.getProblem();
    return context == null || context.isBlank() ? problem : context + ", " + problem;
  }

  private void accept(Event event) {
    if (event instanceof NodeEvent node) {
      refuseReferences(node);
    }
    switch (event.getEventId()) {
      case DocumentStart -> {
        documents++;
        if (documents > 1) {
          throw TextErrors.refused(
              place(event.getStartMark()),
              "a second document starts here",
              "a job file is one document; write a file for each job");
        }
      }
      case MappingStart, SequenceStart -> {
        Place place = place(event.getStartMark());
        refuseKey(place);
        tree.start(place, event.getEventId() == Event.ID.MappingStart);
      }
      case MappingEnd, SequenceEnd -> tree.end();
      case Scalar -> scalar((ScalarEvent) event);
      default -> {}
    }
  }

  private void refuseReferences(NodeEvent event) {
    if (event.getAnchor().isPresent()) {
      throw TextErrors.refused(
          place(event.getStartMark()),
          "anchors (&) and aliases (*) are not part of job files",
          event.getEventId() == Event.ID.Alias
              ? "write the value out; quote a text that starts with *"
              : "write the value out; quote a text that starts with &");
    }
    Optional<String> tag =
        event instanceof ScalarEvent scalar
            ? scalar.getTag()
            : event instanceof CollectionStartEvent start ? start.getTag() : Optional.empty();
    if (tag.isPresent()) {
      throw TextErrors.refused(
          place(event.getStartMark()),
          "tags (!) are not part of job files",
          "leave it out; quote a text that starts with !");
    }
  }

  private void refuseKey(Place place) {
    if (tree.wantsKey()) {
      throw TextErrors.refused(
          place,
          "a key is a text, not a list or a mapping",
          "quote a text that starts with { or [, such as \"${name}\"");
    }
  }

  private void scalar(ScalarEvent event) {
    Place place = place(event.getStartMark());
    if (tree.wantsKey()) {
      tree.key(place, event.getValue());
      return;
    }
    int from = offset(event.getStartMark());
    int to = offset(event.getEndMark());
    ScalarOrigin origin = new ScalarOrigin(lines, from, to, style(event.getScalarStyle()));
    String text = event.getValue();
    tree.add(new TextNode.Scalar(origin.isPlain() ? PlainValue.of(text) : text, text, origin));
  }

  private static ScalarOrigin.Style style(ScalarStyle style) {
    return switch (style) {
      case SINGLE_QUOTED -> ScalarOrigin.Style.SINGLE_QUOTED;
      case DOUBLE_QUOTED -> ScalarOrigin.Style.DOUBLE_QUOTED;
      case LITERAL, FOLDED -> ScalarOrigin.Style.BLOCK;
      default -> ScalarOrigin.Style.PLAIN;
    };
  }

  private int offset(Optional<Mark> mark) {
    return mark.map(m -> lines.offsetOf(m.getLine(), m.getColumn())).orElse(0);
  }

  private Place place(Optional<Mark> mark) {
    return mark.map(m -> Place.at(m.getLine() + 1, m.getColumn() + 1)).orElse(Place.WHOLE);
  }
}
