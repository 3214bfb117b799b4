package io.fluxcore.architecture.planted.libraries.fastcsv.adapters.in.file;

import de.siegmar.fastcsv.reader.CsvRecord;

/** Allowed: a library in its folder. */
final class WellBehaved {
  CsvRecord library;
}
