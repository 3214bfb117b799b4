package io.fluxcore.boot.autoconfigure;

import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.adapters.in.jobfile.JobFileReader;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.boot.FluxCoreJob;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.util.ResourceUtils;

/** The jobs that an application declares: beans first, then files in the order of locations. */
final class DeclaredJobs {
  private static final String PROPERTY = "fluxcore.jobs";

  private final Supplier<List<FluxCoreJob>> beans;
  private final FluxCoreProperties.Jobs properties;
  private final JobFileReader reader;
  private final ResourcePatternResolver resources;

  DeclaredJobs(
      Supplier<List<FluxCoreJob>> beans,
      FluxCoreProperties.Jobs properties,
      JobFileReader reader,
      ResourcePatternResolver resources) {
    this.beans = beans;
    this.properties = properties;
    this.reader = reader;
    this.resources = resources;
  }

  /**
   * Submits all of them.
   *
   * @param takeBack is given what was submitted when one of them cannot be
   * @throws FluxCoreException if one of them cannot be
   */
  void submit(FluxCoreService service, Consumer<List<JobId>> takeBack) {
    if (!properties.submit()) {
      return;
    }
    List<JobFile> files = files();
    List<JobId> submitted = new ArrayList<>();
    try {
      for (FluxCoreJob job : beans.get()) {
        submitted.add(submit(service, job));
      }
      for (JobFile file : files) {
        submitted.add(submit(service, file));
      }
    } catch (RuntimeException e) {
      takeBack.accept(submitted);
      throw e;
    }
  }

  private static JobId submit(FluxCoreService service, FluxCoreJob job) {
    try {
      return service.submitJob(job.topology(), job.config());
    } catch (FluxCoreException e) {
      throw in("job '" + job.config().name() + "'", e);
    }
  }

  private static JobId submit(FluxCoreService service, JobFile file) {
    try {
      return service.submitJob(file.topology(), file.config());
    } catch (FluxCoreException e) {
      throw in(file.name(), file.locate(e));
    }
  }

  private static FluxCoreException in(String name, FluxCoreException e) {
    List<Diagnostic> findings = e.diagnostics().stream().map(d -> d.in(name)).toList();
    return new FluxCoreException(e.category(), findings, e);
  }

  private List<JobFile> files() {
    List<JobFile> files = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < properties.locations().size(); i++) {
      String place = PROPERTY + ".locations[" + i + "]";
      for (Resource resource : find(properties.locations().get(i), place)) {
        files.add(read(resource, place, taken));
      }
    }
    Set<String> useless = new TreeSet<>(properties.parameters().keySet());
    useless.removeAll(taken);
    if (!useless.isEmpty()) {
      throw FluxCoreException.user(
          "FLX-BOOT-0003",
          Place.of(PROPERTY + ".parameters"),
          "no job file has a parameter " + useless,
          "take it away, or write ${" + useless.iterator().next() + "} in a job file");
    }
    return files;
  }

  private List<Resource> find(String location, String place) {
    try {
      Resource[] found = resources.getResources(location);
      for (Resource resource : found) {
        if (!resource.exists()) {
          throw FluxCoreException.user(
              "FLX-BOOT-0002",
              Place.of(place),
              "there is no " + location,
              "correct it, or write a pattern (*) where a file may be missing");
        }
      }
      return Arrays.stream(found).sorted(Comparator.comparing(Resource::getDescription)).toList();
    } catch (IOException e) {
      throw unreadable(location, place, e);
    }
  }

  private JobFile read(Resource resource, String place, Set<String> taken) {
    String name = Objects.requireNonNullElse(resource.getFilename(), resource.getDescription());
    try {
      String text = resource.getContentAsString(StandardCharsets.UTF_8);
      Map<String, String> parameters = new LinkedHashMap<>();
      properties
          .parameters()
          .forEach(
              (key, value) -> {
                if (text.contains("${" + key + "}") || text.contains("${" + key + ":")) {
                  parameters.put(key, value);
                }
              });
      taken.addAll(parameters.keySet());
      if (ResourceUtils.isFileURL(resource.getURL())) {
        Path path = resource.getFile().toPath();
        name = path.toString();
        return reader.read(path, parameters);
      }
      return reader.parse(name, text, parameters);
    } catch (IOException e) {
      throw unreadable(resource.getDescription(), place, e);
    } catch (FluxCoreException e) {
      throw in(name, e);
    }
  }

  private static FluxCoreException unreadable(String what, String place, IOException e) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(
            Diagnostic.error(
                "FLX-BOOT-0002",
                Place.of(place),
                what + " cannot be read: " + e,
                "make it readable, or take the location away")),
        e);
  }
}
