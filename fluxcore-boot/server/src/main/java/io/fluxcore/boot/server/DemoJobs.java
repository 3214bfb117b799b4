package io.fluxcore.boot.server;

import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.adapters.in.jobfile.JobFileReader;
import io.fluxcore.boot.FluxCoreJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ClassPathResource;

/** The jobs of {@code --demo}: what this machine does, and what this server is asked for. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(DemoJobs.PROPERTY)
class DemoJobs {
  static final String PROPERTY = "fluxcore.server.demo";

  @Bean
  @Order(1)
  FluxCoreJob demoHost(JobFileReader reader) {
    return job(reader, "host.yaml", Map.of());
  }

  @Bean
  @Order(2)
  FluxCoreJob demoAccessLog(
      JobFileReader reader, @Value("${server.tomcat.accesslog.directory}") Path logs) {
    return job(reader, "access-log.yaml", Map.of("log", logs.resolve("access.log").toString()));
  }

  private static FluxCoreJob job(
      JobFileReader reader, String file, Map<String, String> parameters) {
    ClassPathResource resource =
        new ClassPathResource("demo/" + file, DemoJobs.class.getClassLoader());
    try {
      JobFile job =
          reader.parse(
              "demo/" + file, resource.getContentAsString(StandardCharsets.UTF_8), parameters);
      return new FluxCoreJob(job.topology(), job.config());
    } catch (IOException e) {
      throw new UncheckedIOException("the demo has no " + file, e);
    }
  }
}
