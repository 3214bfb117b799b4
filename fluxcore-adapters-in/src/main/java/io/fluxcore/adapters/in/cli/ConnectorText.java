package io.fluxcore.adapters.in.cli;

import io.fluxcore.adapters.in.catalogue.ConnectionsView;
import io.fluxcore.adapters.in.catalogue.ConnectionsView.Connection;
import io.fluxcore.adapters.in.catalogue.ConnectionsView.Problem;
import io.fluxcore.adapters.in.catalogue.ConnectorView;
import io.fluxcore.adapters.in.catalogue.ConnectorView.Option;
import java.util.List;
import java.util.Locale;

/** Connectors and connections, for a person. */
final class ConnectorText {
  private ConnectorText() {}

  static String list(List<ConnectorView> connectors) {
    TextTable table = new TextTable("NAME", "KIND", "GUARANTEE", "WHAT");
    for (ConnectorView connector : connectors) {
      table.add(
          connector.name(), connector.kind(), words(connector.guarantee()), connector.summary());
    }
    return table.toString();
  }

  static String describe(List<ConnectorView> connectors) {
    StringBuilder text = new StringBuilder();
    for (ConnectorView connector : connectors) {
      text.append(text.isEmpty() ? "" : "\n")
          .append(connector.kind())
          .append(' ')
          .append(connector.name())
          .append(": ")
          .append(connector.summary())
          .append("\nGuarantee: ")
          .append(words(connector.guarantee()))
          .append("; can: ")
          .append(
              connector.capabilities().isEmpty()
                  ? "nothing special"
                  : words(String.join(", ", connector.capabilities())))
          .append("\n\n");
      TextTable table = new TextTable("OPTION", "TYPE", "DEFAULT", "MEANING");
      for (Option option : connector.options()) {
        table.add(
            option.name(),
            option.allowed().isEmpty() ? option.type() : String.join("|", option.allowed()),
            defaultOf(option),
            option.description());
      }
      text.append(table);
    }
    return text.toString();
  }

  private static String defaultOf(Option option) {
    if (option.ofHost()) {
      return "(set here)";
    }
    String value = option.defaultValue();
    return value != null ? value : option.presence().startsWith("required") ? "(required)" : "";
  }

  static String connections(ConnectionsView view) {
    StringBuilder text = new StringBuilder();
    for (Connection connection : view.connections()) {
      Problem problem = connection.problem();
      text.append(problem == null ? "reachable    " : "unreachable  ")
          .append(connection.kind())
          .append(' ')
          .append(connection.node());
      if (problem != null) {
        text.append(": ")
            .append(problem.code())
            .append(' ')
            .append(problem.message())
            .append("\n             ")
            .append(problem.hint());
      } else if (!connection.splits().isEmpty()) {
        text.append(": ").append(splits(connection.splits()));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String splits(List<String> splits) {
    int shown = Math.min(splits.size(), 5);
    return splits.size()
        + (splits.size() == 1 ? " split: " : " splits: ")
        + String.join(", ", splits.subList(0, shown))
        + (shown < splits.size() ? ", …" : "");
  }

  private static String words(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
