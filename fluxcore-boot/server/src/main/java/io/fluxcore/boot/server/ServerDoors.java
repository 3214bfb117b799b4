package io.fluxcore.boot.server;

import io.fluxcore.adapters.in.page.ServerPage;
import io.fluxcore.adapters.in.rest.RestApi;
import io.fluxcore.adapters.in.rest.RestSettings;
import io.fluxcore.application.publish.PublishResult;
import io.fluxcore.application.publish.PublishStreams;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** How the server is reached over HTTP: the REST API and the page. */
@Configuration(proxyBeanMethods = false)
@Import({RestApi.class, ServerPage.class, DemoJobs.class})
class ServerDoors {
  @Bean
  @ConditionalOnMissingBean
  RestSettings fluxCoreRestSettings() {
    String version = ServerDoors.class.getPackage().getImplementationVersion();
    return RestSettings.defaults(Objects.requireNonNullElse(version, "(not packaged)"));
  }

  /** PROVISIONAL: until the http source brings streams. */
  @Bean
  @ConditionalOnMissingBean
  PublishStreams fluxCorePublishStreams() {
    return new PublishStreams() {
      @Override
      public List<String> names() {
        return List.of();
      }

      @Override
      public PublishResult publish(String stream, List<byte[]> events) {
        throw new FluxCoreException(
            ErrorCategory.NOT_FOUND,
            Diagnostic.error(
                "FLX-PUBLISH-0001",
                io.fluxcore.domain.error.Place.of(stream),
                "there is no stream '" + stream + "'",
                "start a job that reads one"));
      }
    };
  }
}
