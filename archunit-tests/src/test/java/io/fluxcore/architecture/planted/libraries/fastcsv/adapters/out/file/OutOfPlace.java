package io.fluxcore.architecture.planted.libraries.fastcsv.adapters.out.file;

import de.siegmar.fastcsv.reader.CsvRecord;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  CsvRecord library;
}
