# embed_text(TARGET NAME files...)
#
# Compiles text files into TARGET. Code that includes "embedded/NAME.hpp" reads
# them as `reviews::embedded::NAME::files`, ordered by name. A changed file is
# embedded anew at the next build. Text only: no NUL, and not the sequence
# `)embedded"`.
function(embed_text target name)
  set(folder "${PROJECT_BINARY_DIR}/generated/${target}")
  list(SORT ARGN)
  list(LENGTH ARGN count)
  set(entries "")
  foreach(path IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
    file(READ "${path}" text)
    if(text MATCHES "[)]embedded\"")
      message(FATAL_ERROR "${path}: expected no raw string delimiter, got )embedded\"")
    endif()
    get_filename_component(file_name "${path}" NAME)
    string(APPEND entries "    {\"${file_name}\", R\"embedded(${text})embedded\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT "${folder}/embedded/${name}.hpp" @ONLY CONTENT [[
#pragma once

#include <array>
#include <string_view>

namespace reviews::embedded::@name@ {

/// A file of the source tree as it was at build time.
struct file {
  std::string_view name; ///< Without its folder.
  std::string_view text;
};

/// Ordered by name.
extern const std::array<file, @count@> files;

} // namespace reviews::embedded::@name@
]])
  file(CONFIGURE OUTPUT "${folder}/${name}.cpp" @ONLY CONTENT [[
#include "embedded/@name@.hpp"

namespace reviews::embedded::@name@ {

const std::array<file, @count@> files{{
@entries@}};

} // namespace reviews::embedded::@name@
]])
  target_sources(${target} PRIVATE "${folder}/${name}.cpp")
  target_include_directories(${target} PRIVATE "${folder}")
endfunction()
