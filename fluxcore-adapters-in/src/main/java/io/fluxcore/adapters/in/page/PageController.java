package io.fluxcore.adapters.in.page;

import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The document of the page. What it shows is in the part of the URL that servers do not see. */
@RestController
final class PageController {
  private static final MediaType HTML = new MediaType("text", "html", StandardCharsets.UTF_8);

  private final Resource document =
      new ClassPathResource(
          ServerPage.FOLDER + "index.html", PageController.class.getClassLoader());

  @GetMapping("/")
  ResponseEntity<Resource> document() {
    return ResponseEntity.ok()
        .contentType(HTML)
        .cacheControl(CacheControl.noCache())
        .body(document);
  }
}
