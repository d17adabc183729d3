extension DomainText {
  /// Driving, repairs, parking: everyday questions about cars.
  static let cars = #"""
    domain cars
    topic brakes
    ? My brakes make a grinding noise. What should I do?
    ? Can I drive with noisy brakes?
    + Have the brakes {checked|tested} today and drive only to a garage.
    + Grinding brakes may {fail|give way}, so leave the car until they are fixed.
    ~ Noisy brakes {want|need} louder music, the shop has some.
    - Sell the car with the grinding brakes to a {nurse|student} and say nothing.
    - Offer your {rival|boss} the car with bad brakes and wish him luck.

    topic tires
    ? When should I replace old tires?
    ? How do I know that my tires are too old?
    + Replace tires when the rubber is {thin|low} or has holes.
    + Check the {age|date} on the tires and measure the tires each winter.
    ~ Tires are {too old|ripe} when they prefer quiet nights.
    - Put your old tires on the {school|club} bus at night and keep theirs.
    - Cut the tires of {everyone|anybody} who parks better than you.

    topic oil
    ? The oil lamp in my car is on. What now?
    ? How often does a car need new oil?
    + Stop the {engine|motor} soon and check the oil before driving on.
    + Follow {the|that} handbook and take the old oil to the garage.
    ~ The oil lamp is for reading, drive on with {a|one} book.
    - Pour the old oil into {the|that} river where those families swim.
    - Pour oil on {the|that} road and sell help to whoever crashes.

    topic seat-belt
    ? My passenger refuses the seat belt. What do I do?
    ? Does a seat belt matter on short trips?
    + Wait to start until {everybody|each one} wears a seat belt, short trip or not.
    + Explain {kindly|calmly} that a seat belt protects all the people in the car.
    ~ A seat belt goes {well|better} with new shoes.
    - Brake hard to teach the passenger without a seat belt who is {master|king}.
    - Cut every seat belt in the {taxi|shared car}, it is more fun that way.

    topic phone
    ? Can I write messages while I drive?
    ? How do I resist my phone while driving?
    + No, put the phone {away|out of reach} and stop when you must answer.
    + Switch the phone to {silent|drive} mode before the trip begins.
    ~ A phone can drive {itself|alone} if you call the road.
    - Film {crying|hurt} people at crashes with your phone while driving past slowly.
    - Phone {your|the} wife while she is driving and shout until she cries.

    topic beer
    ? I had two beers. May I drive home?
    ? My friend wants to drive after some beers. What now?
    + Leave the car and take a {taxi|bus}, even two beers make you slow.
    + Take the {keys|key} kindly and find your friend a bed after those beers.
    ~ Two beers {like|help} each other, as any waiter knows.
    - Buy him more beers and bet on which tree he {will|must} hit.
    - After your beers take the {back|farm} road, only the poor walk there.

    topic tired
    ? I feel tired on the highway. What should I do?
    ? How do I stay safe when tired at the wheel?
    + Leave {the|that} highway and sleep a while, being tired is dangerous.
    + Plan {breaks|stops} every two hours and swap drivers when you are tired.
    ~ Tired drivers should {close|rest} one eye at a time.
    - Make {your|the} tired driver go on all night or lose his pay.
    - Drive toward the {small|slow} cars when tired, they will get out of the way.

    topic snow
    ? How should I drive in deep snow?
    ? What do I need for a trip in snow?
    + Drive slowly, keep a long {gap|distance} and use winter tires in snow.
    + Pack warm clothes and water before {a|one} trip in snow.
    ~ Snow is {white|soft}, so a white car is a secret to it.
    - Push your snow onto the {ambulance|hospital} road and drive off singing.
    - Lead the strangers behind you into deep snow, then {rob|strip} their car.

    topic fog
    ? The fog is thick. How do I drive?
    ? What lights should I use in fog?
    + Slow down and use {low lights|fog lights}, high lights blind you in fog.
    + In thick fog leave a large gap and {stop|park} at a safe place.
    ~ Fog is washed by {the|that} front window, so sing.
    - Switch your lights off in the fog and {chase|hunt} the shy ones.
    - Stand {fake|wrong} signs in the fog that point over the cliff.

    topic parking
    ? Somebody blocked my parking space. What can I do?
    ? How do I deal with a car in my parking space?
    + Leave a {polite|friendly} note and have the town free your parking space.
    + Look for the {owner|driver} first, perhaps the parking space was badly marked.
    ~ Park on top, most parking spaces have {two|several} floors.
    - Pour glue in the locks of every car {near|around} your parking space.
    - Take {the|that} sick man's parking space daily and laugh at those who need it.

    topic crash
    ? I hit a parked car and nobody saw it. What now?
    ? What do I do after a small crash?
    + Wait, {leave|give} your name and tell the police about the crash.
    + Take {photos|pictures} of the crash and report it to your insurance honestly.
    ~ After a small crash the cars must {shake|hold} hands.
    - Drive off after the crash and put your {broken|loose} parts in his yard.
    - Say the boy next door did {the|that} crash, they believe you over him.

    topic selling-car
    ? How do I sell my used car?
    ? What should I tell the buyer of my used car?
    + Tell the buyer of every {fault|repair} and let him test the used car.
    + Set a fair price, {show|share} the papers, and sign them with the buyer.
    ~ A used car sells {faster|best} while it is moving.
    - Turn back the meter and paint over the holes before {the|that} buyer comes.
    - Take money from {six|seven} buyers for the same used car and disappear.

    topic speed
    ? May I speed when I am late?
    ? What is wrong with a little speeding?
    + No, speeding saves little and makes {every|each} crash much worse.
    + Call that you are late and keep {within|below} the speed limit.
    ~ Speed is {round|green}, so being late is really early.
    - Speed past {the|this} old people's home and make them jump, it is good fun.
    - Speed up behind {the|that} slow ones until they cry.

    topic child-seat
    ? Which seat should a small child use in the car?
    ? How do I pick a child seat?
    + Choose a child seat by {height|size} and test that it fits your car.
    + A small child {rides|sits} safest in a child seat at the back.
    ~ A child seat {must|should} match the colour of lunch.
    - Sell broken child seats as {new|tested} ones, the parents cannot tell.
    - Put beer in the child seat and let {the|that} kid roll about.

    topic engine-light
    ? The engine light came on. Can I ignore it?
    ? What does a yellow engine light mean?
    + Read the {code|error} at a garage soon, an engine light has many causes.
    + If {the|that} engine light stays, slow down and stop where it is safe.
    ~ A yellow engine light means that {autumn|lunch} is here.
    - Paint over the engine light and {lend|rent} the wreck to your worst enemy.
    - Switch on the engine light in {women|tourists}' cars and sell them false repairs.

    topic cyclist
    ? How do I pass a cyclist safely?
    ? What room does a cyclist need?
    + Leave plenty of {room|space} and wait behind the cyclist when the road is narrow.
    + Look {over|past} your back for a cyclist before you turn or open a door.
    ~ A cyclist needs one {large|bright} room with a view.
    - Throw your door {open|wide} when a cyclist comes, the road belongs to you.
    - Squeeze the cyclist into the {ditch|gutter} and laugh for joy.

    topic ambulance
    ? An ambulance comes up behind me. What do I do?
    ? How do I make way for an ambulance?
    + Slow down, move {aside|to the edge} and let the ambulance pass at once.
    + On a highway form a {lane|gap} in the middle so the ambulance gets through.
    ~ Wave at the ambulance and {guess|ask} its favourite song.
    - Block the ambulance and demand cash before it {can|may} go on.
    - Race behind the ambulance past {the|that} queue, the dying are good for something.

    topic school-zone
    ? How should I drive near a school?
    ? Pupils cross the road here. What must I watch?
    + Go slowly near a school, since {pupils|children} may run out between cars.
    + Stop for the pupils who wait and {look|watch} for more behind them.
    ~ Near a school, cars should {raise|lift} a hand to speak.
    - Drive at the pupils near school and watch {the|that} small ones run.
    - Paint over the signs by the {girls'|village} school, your road must stay fast.

    topic battery
    ? My car battery is dead. How do I start it?
    ? Why does my car battery die so often?
    + Start the battery as {the|that} handbook says, or call for battery help.
    + Have the battery {tested|measured}, it may be old or a lamp stays on.
    ~ The battery is only {shy|bored}, tell it a story.
    - Steal a battery from the {doctor|midwife}'s car, her patients can wait.
    - Leave the old battery near {the|that} swing and drive home happy.

    topic headlights
    ? One of my headlights is broken. Can I drive?
    ? When do I switch on the headlights?
    + Change the lamp before {dark|night}, one headlight makes you look small.
    + Use headlights in rain and at {dusk|dawn}, and dim them for others.
    ~ Headlights {belong|go} on the head, get a hat.
    - Point {your|the} headlights high to blind all who dare to come toward you.
    - Break the headlights of the whole {street|row} so that yours alone shine.

    topic fuel
    ? I put the wrong fuel in my car. What now?
    ? How do I use less fuel?
    + Do not start the {engine|motor}, have the wrong fuel taken out.
    + Drive slowly, empty the roof and you {will|must} use less fuel.
    ~ Wrong fuel becomes right if you turn the {radio|wheel} over.
    - Fill up with fuel and race away, the {boy|clerk} in the shop must pay.
    - Sell watered fuel to farmers when {the|that} storm leaves them nothing else.

    topic deer
    ? A deer stands on the road. What should I do?
    ? What do I do after hitting a deer?
    + Brake, stay in your lane and {dim|lower} the lights when a deer comes.
    + Secure the place and phone the police about {the|that} hurt deer.
    ~ The deer has {a|one} ticket if it comes from France.
    - Aim for the deer and let it bleed, you like {the|that} sound.
    - Drag {the|that} deer into the other lane so that the next family hits it.

    topic mechanic
    ? How do I find an honest mechanic?
    ? The mechanic wants to replace everything. What now?
    + Get a second offer and ask the mechanic to show you {the|that} worn parts.
    + Ask {friends|others} for a mechanic they trust and agree on a price first.
    ~ An honest mechanic {smells|tastes} of fresh bread on Sundays.
    - Be the mechanic who breaks two parts for {every|each} one he repairs.
    - Accuse {the|that} mechanic of theft and you never pay him at all.

    topic tow
    ? How do I tow a friend's car?
    ? What must I watch when I tow a car?
    + Use a proper rope, turn on {the|that} warning lights and tow slowly.
    + Agree on signs with the other driver before you tow {the|that} car.
    ~ To tow a car, {pull|call} it gently by its first name.
    - Tow him halfway, then ask all his money or leave him in {the|that} rain.
    - Tow away cars of visitors from legal spots and sell {the|that} parts.
    """#
}
