package io.fluxcore.adapters.in.cli;

import io.fluxcore.application.query.SqlResult;
import io.fluxcore.domain.error.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Writes what statements have come to, for people or for programs. */
record SqlText(Workbench bench, OutputFormat output) {

  void print(SqlResult result) {
    if (result instanceof SqlResult.Done done) {
      bench.messages().line(done.message());
    } else if (result instanceof SqlResult.Listing listing) {
      listing(listing.columns(), listing.cells());
    } else if (result instanceof SqlResult.Plan plan) {
      bench.terminal().print(plan.text());
    } else if (result instanceof SqlResult.Submitted job) {
      bench.messages().line("Job '" + job.jobName() + "' runs: " + job.jobId().value() + ".");
    }
    for (Diagnostic warning : result.warnings()) {
      bench.messages().warning("sql", warning);
    }
  }

  void listing(List<String> columns, List<List<String>> rows) {
    if (output == OutputFormat.TABLE) {
      TextTable table = new TextTable(columns.toArray(String[]::new));
      rows.forEach(row -> table.add(row.toArray(String[]::new)));
      bench.terminal().print(table.toString());
      return;
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      ObjectNode object = Server.JSON.createObjectNode();
      for (int i = 0; i < row.size(); i++) {
        object.put(columns.get(i), row.get(i));
      }
      lines.add(object.toString());
    }
    if (output == OutputFormat.JSON) {
      bench.terminal().print("{\"rows\":[\n" + String.join(",\n", lines) + "\n]}\n");
    } else {
      lines.forEach(line -> bench.terminal().print(line + "\n"));
    }
  }
}
