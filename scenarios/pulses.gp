# Draws what came out of the pulse outputs: power from the pulses' distance, and their width.
#   tools/vmeter run FILE --csv pulses.csv
#   gnuplot -e "csv='pulses.csv'; picture='pulses.png'; rate=10000" scenarios/pulses.gp
set datafile separator ","
set terminal pngcairo size 1100,600 font "Sans,11"
set output picture
set multiplot layout 2,1 margins 0.08,0.97,0.1,0.94 spacing 0.09
set grid lc "#dddddd" lt 1
set tics nomirror
set border 3 lc "#555555"
power(column_of, name) = strcol(1) eq name && column(4) < 1000 ? 3600.0 / rate / (column(4) / 1000) : 1/0
width(name) = strcol(1) eq name ? column(3) : 1/0

set ylabel "kW"
set key top left reverse Left
set title "Power, from the distance of two pulses"
plot csv skip 1 using 2:(power(4, "m1.s0_forward")) with points pt 7 ps 0.3 lc "#1f5fa8" title "S0 forward, 18/19", \
     csv skip 1 using 2:(power(4, "m1.s0_reverse")) with points pt 7 ps 0.3 lc "#c8502a" title "S0 reverse, 20/21"

set ylabel "ms"
set xlabel "s"
set logscale y 2
set yrange [2:60]
set ytics ("2.5" 2.5, "5" 5, "10" 10, "20" 20, "40" 40)
set title "Width of each pulse"
plot csv skip 1 using 2:(width("m1.s0_forward")) with points pt 7 ps 0.3 lc "#1f5fa8" notitle, \
     csv skip 1 using 2:(width("m1.s0_reverse")) with points pt 7 ps 0.3 lc "#c8502a" notitle
unset multiplot
