#pragma once

namespace reviews::ctl {

/// From now on Ctrl-C does not end the program but makes `is_interrupted` true.
void end_on_interrupt();

/// True once Ctrl-C was pressed: finish what is under way and report.
bool is_interrupted();

} // namespace reviews::ctl
