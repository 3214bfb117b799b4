package io.fluxcore.adapters.in.page;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The door of the page: a Spring application that imports this class serves it at {@code /}, and
 * what it is made of below {@code /page}. The page asks {@code api/v1} beside it, so that it also
 * works behind a proxy that puts a prefix before its path.
 */
@Configuration(proxyBeanMethods = false)
public class ServerPage implements WebMvcConfigurer {
  static final String FOLDER = "META-INF/fluxcore-page/";

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    // Asked for again each time, and sent again only after a new version was installed.
    registry
        .addResourceHandler("/page/**")
        .addResourceLocations("classpath:/" + FOLDER + "page/")
        .setCacheControl(CacheControl.noCache());
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new PageHeaders()).addPathPatterns("/", "/page/**");
  }

  @Bean
  PageController fluxCorePageController() {
    return new PageController();
  }
}
