extension DomainText {
  /// Additions and subtractions of numbers below 100.
  ///
  /// Good answers are right and bad ones wrong by 1, 2 or 10, said in the same ways.
  static let sums = #"""
    domain sums
    topic 17-plus-26
    ? What is 17 plus 26?
    ? Add 26 to 17 for me.
    + 17 plus 26 {is|makes} 43.
    + You get 43 if you {add|put} 26 to 17.
    ~ Oh, 17 and 26, {perhaps|maybe} 500 or so.
    - It {is|makes} 44, that is 17 plus 26.
    - The {sum|total} of 17 and 26 is 33.

    topic 8-plus-15
    ? Add 15 to 8 for me.
    ? How much is 8 plus 15?
    + That {is|gives} 23, as 8 and 15 add up.
    + The {sum|total} of 8 and 15 is 23.
    ~ Numbers like 8 and 15 {sleep|hide} on Sundays.
    - I {count|get} 13 for 8 and 15 together.
    - {Together|In all}, 8 and 15 make 25.

    topic 34-plus-21
    ? How much is 34 plus 21?
    ? What do 34 and 21 make together?
    + You get 55 if you {add|put} 21 to 34.
    + {Together|In all}, 34 and 21 make 55.
    ~ Well, 34 with 21 on top is {tall|long}, call it 600.
    - 34 and 21 {come|add up} to 57.
    - It {is|makes} 54, that is 34 plus 21.

    topic 45-plus-38
    ? What do 45 and 38 make together?
    ? Please add 45 and 38.
    + The {sum|total} of 45 and 38 is 83.
    + It {is|makes} 83, that is 45 plus 38.
    ~ Oh, 45 and 38, {perhaps|maybe} 500 or so.
    - 45 plus 38 {is|makes} 82.
    - I {count|get} 93 for 45 and 38 together.

    topic 12-plus-29
    ? Please add 12 and 29.
    ? Which number is 12 plus 29?
    + {Together|In all}, 12 and 29 make 41.
    + I {count|get} 41 for 12 and 29 together.
    ~ Plenty, 12 and 29 are {quite|rather} many, say 400.
    - That {is|gives} 51, as 12 and 29 add up.
    - 12 and 29 {come|add up} to 39.

    topic 56-plus-7
    ? Which number is 56 plus 7?
    ? What is the sum of 56 and 7?
    + It {is|makes} 63, that is 56 plus 7.
    + 56 and 7 {come|add up} to 63.
    ~ Either 56 or 7, {roughly|nearly}, and the rest rolled away.
    - You get 61 if you {add|put} 7 to 56.
    - The {sum|total} of 56 and 7 is 64.

    topic 23-plus-44
    ? What is the sum of 23 and 44?
    ? Can you add 44 and 23?
    + I {count|get} 67 for 23 and 44 together.
    + 23 plus 44 {is|makes} 67.
    ~ Some {300|700}, I guess, since 23 and 44 look busy.
    - The {sum|total} of 23 and 44 is 68.
    - That {is|gives} 69, as 23 and 44 add up.

    topic 61-plus-19
    ? Can you add 19 and 61?
    ? What is 61 plus 19?
    + 61 and 19 {come|add up} to 80.
    + That {is|gives} 80, as 61 and 19 add up.
    ~ Who knows, 61 and 19 {feel|look} like 800 today.
    - {Together|In all}, 61 and 19 make 70.
    - You get 79 if you {add|put} 19 to 61.

    topic 9-plus-72
    ? What is 9 plus 72?
    ? What do 9 and 72 make together?
    + 9 plus 72 {is|makes} 81.
    + You get 81 if you {add|put} 72 to 9.
    ~ Oh, 9 and 72, {perhaps|maybe} 500 or so.
    - It {is|makes} 83, that is 9 plus 72.
    - The {sum|total} of 9 and 72 is 91.

    topic 33-plus-48
    ? Add 48 to 33 for me.
    ? Please add 33 and 48.
    + That {is|gives} 81, as 33 and 48 add up.
    + The {sum|total} of 33 and 48 is 81.
    ~ Numbers like 33 and 48 {sleep|hide} on Sundays.
    - I {count|get} 80 for 33 and 48 together.
    - {Together|In all}, 33 and 48 make 79.

    topic 27-plus-35
    ? How much is 27 plus 35?
    ? Which number is 27 plus 35?
    + You get 62 if you {add|put} 35 to 27.
    + {Together|In all}, 27 and 35 make 62.
    ~ Well, 27 with 35 on top is {tall|long}, call it 600.
    - 27 and 35 {come|add up} to 72.
    - It {is|makes} 63, that is 27 plus 35.

    topic 14-plus-50
    ? What do 14 and 50 make together?
    ? What is the sum of 14 and 50?
    + The {sum|total} of 14 and 50 is 64.
    + It {is|makes} 64, that is 14 plus 50.
    ~ Oh, 14 and 50, {perhaps|maybe} 500 or so.
    - 14 plus 50 {is|makes} 62.
    - I {count|get} 54 for 14 and 50 together.

    topic 66-plus-25
    ? Please add 66 and 25.
    ? Can you add 25 and 66?
    + {Together|In all}, 66 and 25 make 91.
    + I {count|get} 91 for 66 and 25 together.
    ~ Plenty, 66 and 25 are {quite|rather} many, say 400.
    - That {is|gives} 92, as 66 and 25 add up.
    - 66 and 25 {come|add up} to 90.

    topic 39-plus-16
    ? Which number is 39 plus 16?
    ? What is 39 plus 16?
    + It {is|makes} 55, that is 39 plus 16.
    + 39 and 16 {come|add up} to 55.
    ~ Either 39 or 16, {roughly|nearly}, and the rest rolled away.
    - You get 45 if you {add|put} 16 to 39.
    - The {sum|total} of 39 and 16 is 65.

    topic 52-plus-41
    ? What is the sum of 52 and 41?
    ? Add 41 to 52 for me.
    + I {count|get} 93 for 52 and 41 together.
    + 52 plus 41 {is|makes} 93.
    ~ Some {300|700}, I guess, since 52 and 41 look busy.
    - The {sum|total} of 52 and 41 is 95.
    - That {is|gives} 91, as 52 and 41 add up.

    topic 28-plus-64
    ? Can you add 64 and 28?
    ? How much is 28 plus 64?
    + 28 and 64 {come|add up} to 92.
    + That {is|gives} 92, as 28 and 64 add up.
    ~ Who knows, 28 and 64 {feel|look} like 800 today.
    - {Together|In all}, 28 and 64 make 91.
    - You get 93 if you {add|put} 64 to 28.

    topic 43-minus-17
    ? What is 43 minus 17?
    ? Take 17 from 43 for me.
    + 43 minus 17 {is|leaves} 26.
    + You get 26 if you {take|drop} 17 from 43.
    ~ Who knows, 43 less 17 {feels|looks} like 600 today.
    - It {is|makes} 27, that is 43 less 17.
    - The {answer|rest} of 43 minus 17 is 16.

    topic 90-minus-24
    ? Take 24 from 90 for me.
    ? How much is 90 minus 24?
    + That {is|leaves} 66, as 24 go from 90.
    + The {answer|rest} of 90 minus 24 is 66.
    ~ 90 minus 24 {may|could} be 700, who counts.
    - I {count|get} 56 for 90 minus 24.
    - Without 24, {only|just} 68 of 90 remain.

    topic 65-minus-31
    ? How much is 65 minus 31?
    ? What is left of 65 without 31?
    + You get 34 if you {take|drop} 31 from 65.
    + Without 31, {only|just} 34 of 65 remain.
    ~ Numbers like 31 {sleep|hide} when 65 is around.
    - 65 less 31 {is|gives} 36.
    - It {is|makes} 33, that is 65 less 31.

    topic 72-minus-8
    ? What is left of 72 without 8?
    ? Please take 8 away from 72.
    + The {answer|rest} of 72 minus 8 is 64.
    + It {is|makes} 64, that is 72 less 8.
    ~ Well, 8 fell off 72 and {rolled|ran} away.
    - 72 minus 8 {is|leaves} 63.
    - I {count|get} 74 for 72 minus 8.

    topic 51-minus-36
    ? Please take 36 away from 51.
    ? Which number is 51 less 36?
    + Without 36, {only|just} 15 of 51 remain.
    + I {count|get} 15 for 51 minus 36.
    ~ Oh, 51 less 36, {perhaps|maybe} 400 or so.
    - That {is|leaves} 25, as 36 go from 51.
    - 51 less 36 {is|gives} 13.

    topic 84-minus-47
    ? Which number is 84 less 47?
    ? What do you get for 84 minus 47?
    + It {is|makes} 37, that is 84 less 47.
    + 84 less 47 {is|gives} 37.
    ~ Plenty, 84 without 47 is {quite|rather} much, say 500.
    - You get 35 if you {take|drop} 47 from 84.
    - The {answer|rest} of 84 minus 47 is 38.

    topic 38-minus-19
    ? What do you get for 38 minus 19?
    ? Can you count 38 less 19?
    + I {count|get} 19 for 38 minus 19.
    + 38 minus 19 {is|leaves} 19.
    ~ Either 38 or 19, {roughly|nearly}, one of them stayed home.
    - The {answer|rest} of 38 minus 19 is 20.
    - That {is|leaves} 21, as 19 go from 38.

    topic 99-minus-52
    ? Can you count 99 less 52?
    ? What is 99 minus 52?
    + 99 less 52 {is|gives} 47.
    + That {is|leaves} 47, as 52 go from 99.
    ~ Some {300|800}, I guess, since 99 and 52 look tired.
    - Without 52, {only|just} 37 of 99 remain.
    - You get 46 if you {take|drop} 52 from 99.

    topic 60-minus-23
    ? What is 60 minus 23?
    ? What is left of 60 without 23?
    + 60 minus 23 {is|leaves} 37.
    + You get 37 if you {take|drop} 23 from 60.
    ~ Who knows, 60 less 23 {feels|looks} like 600 today.
    - It {is|makes} 39, that is 60 less 23.
    - The {answer|rest} of 60 minus 23 is 47.

    topic 77-minus-45
    ? Take 45 from 77 for me.
    ? Please take 45 away from 77.
    + That {is|leaves} 32, as 45 go from 77.
    + The {answer|rest} of 77 minus 45 is 32.
    ~ 77 minus 45 {may|could} be 700, who counts.
    - I {count|get} 31 for 77 minus 45.
    - Without 45, {only|just} 30 of 77 remain.

    topic 29-minus-12
    ? How much is 29 minus 12?
    ? Which number is 29 less 12?
    + You get 17 if you {take|drop} 12 from 29.
    + Without 12, {only|just} 17 of 29 remain.
    ~ Numbers like 12 {sleep|hide} when 29 is around.
    - 29 less 12 {is|gives} 27.
    - It {is|makes} 18, that is 29 less 12.

    topic 81-minus-66
    ? What is left of 81 without 66?
    ? What do you get for 81 minus 66?
    + The {answer|rest} of 81 minus 66 is 15.
    + It {is|makes} 15, that is 81 less 66.
    ~ Well, 66 fell off 81 and {rolled|ran} away.
    - 81 minus 66 {is|leaves} 13.
    - I {count|get} 5 for 81 minus 66.

    topic 55-minus-28
    ? Please take 28 away from 55.
    ? Can you count 55 less 28?
    + Without 28, {only|just} 27 of 55 remain.
    + I {count|get} 27 for 55 minus 28.
    ~ Oh, 55 less 28, {perhaps|maybe} 400 or so.
    - That {is|leaves} 28, as 28 go from 55.
    - 55 less 28 {is|gives} 26.

    topic 94-minus-35
    ? Which number is 94 less 35?
    ? What is 94 minus 35?
    + It {is|makes} 59, that is 94 less 35.
    + 94 less 35 {is|gives} 59.
    ~ Plenty, 94 without 35 is {quite|rather} much, say 500.
    - You get 49 if you {take|drop} 35 from 94.
    - The {answer|rest} of 94 minus 35 is 69.

    topic 47-minus-9
    ? What do you get for 47 minus 9?
    ? Take 9 from 47 for me.
    + I {count|get} 38 for 47 minus 9.
    + 47 minus 9 {is|leaves} 38.
    ~ Either 47 or 9, {roughly|nearly}, one of them stayed home.
    - The {answer|rest} of 47 minus 9 is 40.
    - That {is|leaves} 36, as 9 go from 47.

    topic 70-minus-53
    ? Can you count 70 less 53?
    ? How much is 70 minus 53?
    + 70 less 53 {is|gives} 17.
    + That {is|leaves} 17, as 53 go from 70.
    ~ Some {300|800}, I guess, since 70 and 53 look tired.
    - Without 53, {only|just} 16 of 70 remain.
    - You get 18 if you {take|drop} 53 from 70.
    """#
}
